//! The rules of Vestibule: ids, words, states and what may follow what.
//!
//! Pure. Nothing here reads a clock, a table, a socket or a random number: every function that
//! depends on time receives `now`. That makes each rule a line in a test, and lets the same rule
//! judge in a Lambda function, in the worker and on a laptop.

pub mod access;
pub mod account;
pub mod activity;
mod as_text;
pub mod challenge;
pub mod contact;
pub mod document;
pub mod email;
pub mod event;
pub mod expiry;
pub mod grant;
pub mod id;
pub mod invitation;
pub mod link;
pub mod media;
pub mod member;
pub mod misses;
pub mod nda;
pub mod outbox;
pub mod pages;
pub mod password;
pub mod picture;
pub mod request;
pub mod reset;
pub mod rights;
pub mod second_factor;
pub mod session;
pub mod signature;
pub mod tenant;
pub mod text;
pub mod words;
