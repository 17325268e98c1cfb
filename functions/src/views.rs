//! What clients see of things: bodies of answers, one file a kind of thing.

pub mod accounts;
pub mod activity;
pub mod board;
pub mod contacts;
pub mod documents;
pub mod guest;
pub mod invitations;
pub mod links;
pub mod mails;
pub mod members;
pub mod paging;
pub mod portal;
pub mod requests;
pub mod sessions;
pub mod signatures;
pub mod tenant;
pub mod thread;
pub mod trust;
