//! Mails that were sent or are owed, and what became of them.

pub mod list;
pub mod resend;
