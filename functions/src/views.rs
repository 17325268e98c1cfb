//! What clients see of things: bodies of answers, one file a kind of thing.

pub mod contacts;
pub mod paging;
