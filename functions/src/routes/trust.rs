//! The trust page, for anybody.

pub mod answer;
pub mod download;
pub mod read;
pub mod request;
pub mod withdraw;
