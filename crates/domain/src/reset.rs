//! Resetting a forgotten password: how long a mailed link works, and how many are mailed.
//!
//! A link names the identity's epoch. Setting a password raises it, so a link works once, and all
//! that were mailed before die with it. It signs nobody in: whatever else a sign-in asks for, it
//! asks for afterwards.

use jiff::SignedDuration;

use crate::challenge::standing::{DAY, SendBudget};

/// Life of a link that resets a password.
pub const RESET_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Life of the last such link of a day: until the next may be mailed, so that whoever asks in
/// somebody's name can spend their budget and yet not keep them out.
pub const LAST_RESET_LIFE: SignedDuration = DAY;
/// Such mails to one address in a day, whoever asks for them; for a
/// [`SendBudget`](crate::challenge::standing::SendBudget).
pub const RESET_MAILS_MAX: usize = 5;

/// How long the link lives whose mail `spent` counts as its newest.
#[must_use]
pub fn life(spent: &SendBudget) -> SignedDuration {
    if spent.sends.len() < RESET_MAILS_MAX { RESET_LIFE } else { LAST_RESET_LIFE }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_last_link_of_a_day_lives_until_the_next_may_be_mailed() {
        let spent = |mails| SendBudget { sends: vec![Timestamp::UNIX_EPOCH; mails] };
        assert_eq!(life(&spent(1)), RESET_LIFE);
        assert_eq!(life(&spent(RESET_MAILS_MAX - 1)), RESET_LIFE);
        assert_eq!(life(&spent(RESET_MAILS_MAX)), LAST_RESET_LIFE);
    }
}
