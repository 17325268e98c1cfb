//! What every entry point shares: who is asking, what they may do, how an answer is given.
//!
//! A handler receives an [`exchange::cx::Cx`]: the time, the dice, the proven caller, and the store
//! of the caller's own tenant. Through it things are read and authorised in one step, and a change
//! is committed together with its audit line, its mails and the answer kept for a repeat.
//!
//! Handlers never see a clock, a random source, a cookie or a policy of their own.
//!
//! Rooms, from the lowest floor up; none looks up:
//!
//! | room | what is in it |
//! |---|---|
//! | [`house`] | what a process holds: clock, dice, keys, tokens, cookies, addresses, passwords, codes of apps |
//! | [`exchange`] | one call and its answer: the context [`exchange::cx::Cx`], problems, repeats |
//! | [`callers`] | who calls and what proves it; staff and what they reach |
//! | [`library`] | documents and files: uploads, downloads, pages, pictures |
//! | [`sharing`] | grants: sharing, coverage, invitations, extensions, arrivals |
//! | [`linking`] | guest links as staff make and keep them; threads and signatures |
//! | [`portal`] | contacts in their portal: links and codes that let in, what is open to them |
//! | [`requests`] | asking for access, and reviewing it |
//! | [`seating`] | companies, seats, invitations to them, passwords, second factors |
//! | [`guest`] | guests on a link |
//! | [`trail`] | reading the audit trail |
//! | [`explain`] | why somebody may or may not |
//! | [`preview`] | what would happen |
//! | [`serving`] | the table's rows, their description, the reception |

pub mod callers;
pub mod exchange;
pub mod explain;
pub mod guest;
pub mod house;
pub mod library;
pub mod linking;
pub mod portal;
pub mod preview;
pub mod requests;
pub mod seating;
pub mod serving;
pub mod sharing;
pub mod trail;

#[cfg(test)]
mod fixtures;
