//! Resetting a forgotten password: how long a mailed link works, and how many are mailed.
//!
//! A link names the identity's epoch. Setting a password raises it, so a link works once, and all
//! that were mailed before die with it. It signs nobody in: whatever else a sign-in asks for, it
//! asks for afterwards.

use jiff::SignedDuration;

/// Life of a link that resets a password.
pub const RESET_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Such mails to one address in a day, whoever asks for them; for a
/// [`SendBudget`](crate::challenge::standing::SendBudget).
pub const RESET_MAILS_MAX: usize = 5;
