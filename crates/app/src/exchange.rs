//! One call and its answer: who calls, when, from where; what may be repeated; what is answered,
//! and how errors become HTTP.

pub mod answer;
pub mod cx;
pub mod extract;
pub mod network;
pub mod problem;
pub mod reissue;
pub mod repeat;
