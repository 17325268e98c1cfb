//! What an address may still ask for and guess: the budgets that outlive a single challenge.
//!
//! A [`Standing`] belongs to one (link or portal, address). Guesses are paid from it, and asking for
//! new codes pays nothing back, so that guessing succeeds with a chance below 2.5 × 10⁻⁵, forever:
//! at most [`MISSES_MAX`] guesses, at most five at any one code, give 1 − (1 − 5/10⁶)⁵.
//!
//! Once guesses or mails are spent, short codes stop and one long confirmation link at a time is
//! mailed instead: it cannot be guessed, so neither a guesser nor a flooder shuts the owner of the
//! mailbox out. It must prove the browser that opens it, never the one that asked for it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::challenge::Denied;

/// Wrong guesses per (link or portal, address), for good; 25 in 10⁶ stays below the 2.5 × 10⁻⁵ that
/// the product promises.
pub const MISSES_MAX: u32 = 25;
/// A second mail is not sent sooner: most come within the minute.
pub const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Codes per (link, address) in [`BURST_WINDOW`].
pub const BURST_CODES_MAX: usize = 3;
/// The time in which [`BURST_CODES_MAX`] counts.
pub const BURST_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Codes per (link, address) in [`DAY`].
pub const CODES_PER_DAY_MAX: usize = 6;
/// Code mails per address and tenant in [`DAY`], over all links; for a [`SendBudget`].
pub const ADDRESS_MAILS_MAX: usize = 10;
/// Mails other than codes to an address nobody has proved, per address and tenant in [`DAY`]; for a
/// [`SendBudget`] of its own.
pub const UNPROVED_MAILS_MAX: usize = 3;
/// Any 24 hours, not a calendar day: midnight would double the budgets.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Life of a 128-bit confirmation link; long, as the owner may be asleep while someone else asks.
pub const CONFIRMATION_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// One (link or portal, address), whoever asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Guesses paid for and not refunded, at most [`MISSES_MAX`]. Nothing else lowers it.
    pub misses: u32,
    /// Codes mailed within the last [`DAY`], oldest first, at most [`CODES_PER_DAY_MAX`].
    pub sends: Vec<Timestamp>,
    /// Until when the confirmation link in the mailbox works, if there is one.
    pub confirmation_until: Option<Timestamp>,
}

/// What to mail to whoever asks; the standing within is to be saved with the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A six-digit code.
    Code(Standing),
    /// A confirmation link, alive until the standing's `confirmation_until`.
    Confirmation(Standing),
    /// Nothing; asking at `until` is the first that helps.
    Wait {
        /// When to ask again.
        until: Timestamp,
    },
}

/// Mails of one kind to one address of one tenant. Each limit has a budget of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendBudget {
    /// When mails went out within the window, oldest first, at most as many as the limit.
    pub sends: Vec<Timestamp>,
}

impl Standing {
    /// Decides what a request for a code is answered with.
    ///
    /// When this says [`Ask::Code`] but the address has spent its [`ADDRESS_MAILS_MAX`], take the
    /// answer of [`Standing::ask_confirmation`] instead.
    #[must_use]
    pub fn ask(&self, now: Timestamp) -> Ask {
        // Two windows bound the pace; beyond the day's budget waiting is not the only way.
        let paced_until = [(1, RESEND_AFTER), (BURST_CODES_MAX, BURST_WINDOW)]
            .into_iter()
            .filter_map(|(limit, window)| spent_until(&self.sends, now, limit, window))
            .max();
        let day_until = spent_until(&self.sends, now, CODES_PER_DAY_MAX, DAY);

        if MISSES_MAX <= self.misses {
            return self.ask_confirmation(now);
        }
        match (day_until, paced_until) {
            (Some(day_until), _) => match self.ask_confirmation(now) {
                // A code may be due again while the confirmation link is still alive.
                Ask::Wait { until } if day_until <= until => {
                    Ask::Wait { until: paced_until.map_or(day_until, |paced| paced.max(day_until)) }
                }
                answer => answer,
            },
            (None, Some(until)) => Ask::Wait { until },
            (None, None) => {
                let mut next = self.current(now);
                next.sends.push(now);
                next.sends.sort_unstable();
                Ask::Code(next)
            }
        }
    }

    /// Decides the same when short codes are out of the question: a confirmation link, unless one
    /// is alive.
    #[must_use]
    pub fn ask_confirmation(&self, now: Timestamp) -> Ask {
        let next = self.current(now);
        match next.confirmation_until {
            Some(until) => Ask::Wait { until },
            None => Ask::Confirmation(Self {
                confirmation_until: Some(now + CONFIRMATION_LIFE),
                ..next
            }),
        }
    }

    /// Pays for one guess, as if it were wrong. Save it with the attempt, before the compare.
    ///
    /// # Errors
    /// [`Denied`] when all [`MISSES_MAX`] are spent; then nothing may be compared, however fresh the
    /// code is.
    pub fn reserve_miss(&self) -> Result<Self, Denied> {
        if self.misses < MISSES_MAX {
            Ok(Self { misses: self.misses + 1, ..self.clone() })
        } else {
            Err(Denied)
        }
    }

    /// Gives back what a guess paid that proved right: its own miss and no other.
    #[must_use]
    pub fn refund_miss(&self) -> Self {
        Self { misses: self.misses.saturating_sub(1), ..self.clone() }
    }

    /// Notes that the confirmation link was used, so that the next one need not wait for its end.
    /// Only who reads the mailbox can bring this about.
    #[must_use]
    pub fn confirmed(&self) -> Self {
        Self { confirmation_until: None, ..self.clone() }
    }

    /// The standing without what is over, which keeps it small.
    fn current(&self, now: Timestamp) -> Self {
        Self {
            misses: self.misses,
            sends: within(&self.sends, now, DAY).collect(),
            confirmation_until: self.confirmation_until.filter(|until| now < *until),
        }
    }
}

impl SendBudget {
    /// Spends one mail of `limit` in `window`, and forgets those before it.
    ///
    /// # Errors
    /// The instant from which the next mail may go, when the limit is reached.
    pub fn spend(
        &self,
        now: Timestamp,
        limit: usize,
        window: SignedDuration,
    ) -> Result<Self, Timestamp> {
        if let Some(until) = spent_until(&self.sends, now, limit, window) {
            return Err(until);
        }
        let mut sends: Vec<Timestamp> = within(&self.sends, now, window).collect();
        sends.push(now);
        // Two processes' clocks may differ; a later reader counts on the order.
        sends.sort_unstable();
        Ok(Self { sends })
    }
}

/// The sends that still count at `now`. One from a clock ahead of ours counts too.
fn within(
    sends: &[Timestamp],
    now: Timestamp,
    window: SignedDuration,
) -> impl DoubleEndedIterator<Item = Timestamp> {
    sends.iter().copied().filter(move |sent| now < *sent + window)
}

/// Until when `limit` sends in `window` are spent; `None` if they are not.
fn spent_until(
    sends: &[Timestamp],
    now: Timestamp,
    limit: usize,
    window: SignedDuration,
) -> Option<Timestamp> {
    match limit.checked_sub(1) {
        None => Some(now + window),
        // Room comes when the oldest of the newest `limit` sends falls out of the window.
        Some(newer) => within(sends, now, window).nth_back(newer).map(|sent| sent + window),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;
    const NANO: SignedDuration = SignedDuration::from_nanos(1);

    fn minute(minutes: i64) -> Timestamp {
        T0 + SignedDuration::from_mins(minutes)
    }

    fn sent(minutes: &[i64]) -> Standing {
        Standing { sends: minutes.iter().map(|at| minute(*at)).collect(), ..Standing::default() }
    }

    fn code(ask: Ask) -> Standing {
        let Ask::Code(standing) = ask else { panic!("{ask:?} is no code") };
        standing
    }

    fn confirmation(ask: Ask) -> Standing {
        let Ask::Confirmation(standing) = ask else { panic!("{ask:?} is no confirmation") };
        standing
    }

    #[test]
    fn a_resend_waits_sixty_seconds_to_the_instant() {
        let standing = code(Standing::default().ask(T0));
        let again = T0 + RESEND_AFTER;
        assert_eq!(standing.ask(again - NANO), Ask::Wait { until: again });
        assert_eq!(code(standing.ask(again)).sends, [T0, again]);
    }

    #[test]
    fn a_fourth_code_waits_until_the_first_is_fifteen_minutes_old() {
        let standing = sent(&[0, 1, 2]);
        assert_eq!(standing.ask(minute(3)), Ask::Wait { until: minute(15) });
        assert_eq!(standing.ask(minute(15) - NANO), Ask::Wait { until: minute(15) });
        assert_eq!(code(standing.ask(minute(15))).sends.len(), 4);
    }

    #[test]
    fn after_six_codes_a_day_one_confirmation_link_goes_out() {
        let standing = sent(&[0, 20, 40, 60, 80, 100]);
        let confirming = confirmation(standing.ask(minute(120)));
        assert_eq!(confirming.confirmation_until, Some(minute(120) + DAY));
        assert_eq!(confirming.ask(minute(121)), Ask::Wait { until: T0 + DAY });
        let next_day = code(confirming.ask(T0 + DAY));
        assert_eq!(next_day.sends.len(), 6, "what is over is forgotten");
        assert_eq!(next_day.confirmation_until, Some(minute(120) + DAY), "and still alive");
    }

    #[test]
    fn a_day_that_ends_within_a_burst_still_waits_for_the_burst() {
        let day_ends = 24 * 60;
        let standing = sent(&[0, 20, 40, day_ends - 10, day_ends - 9, day_ends - 8]);
        let confirming = confirmation(standing.ask(minute(day_ends - 1)));
        assert_eq!(confirming.ask(minute(day_ends - 1)), Ask::Wait { until: minute(day_ends + 5) });
        assert!(matches!(confirming.ask(minute(day_ends + 5)), Ask::Code(_)));
    }

    #[test]
    fn after_twenty_five_misses_codes_stop_for_good() {
        let mut standing = Standing::default();
        for _ in 0..MISSES_MAX {
            standing = standing.reserve_miss().unwrap();
        }
        assert_eq!(standing.reserve_miss(), Err(Denied));
        let confirming = confirmation(standing.ask(T0));
        let over = T0 + CONFIRMATION_LIFE;
        assert_eq!(confirming.ask(over - NANO), Ask::Wait { until: over });
        assert_eq!(
            confirming.ask(over),
            Ask::Confirmation(Standing {
                misses: MISSES_MAX,
                sends: Vec::new(),
                confirmation_until: Some(over + CONFIRMATION_LIFE),
            })
        );
        assert!(matches!(standing.ask(T0 + DAY * 1000), Ask::Confirmation(_)));
    }

    #[test]
    fn a_used_confirmation_link_makes_room_for_the_next() {
        let spent = Standing { misses: MISSES_MAX, ..Standing::default() };
        let confirming = confirmation(spent.ask(T0));
        assert!(matches!(confirming.ask(minute(1)), Ask::Wait { .. }));
        assert!(matches!(confirming.confirmed().ask(minute(1)), Ask::Confirmation(_)));
    }

    #[test]
    fn a_refund_returns_one_miss_and_never_more() {
        let standing = Standing { misses: 7, ..Standing::default() };
        assert_eq!(standing.reserve_miss().unwrap().refund_miss(), standing);
        assert_eq!(Standing::default().refund_miss(), Standing::default());
    }

    #[test]
    fn an_address_gets_ten_codes_in_any_day() {
        let mut budget = SendBudget::default();
        for at in 0..10 {
            budget = budget.spend(minute(at), ADDRESS_MAILS_MAX, DAY).unwrap();
        }
        assert_eq!(budget.spend(minute(10), ADDRESS_MAILS_MAX, DAY), Err(T0 + DAY));
        let next = budget.spend(T0 + DAY, ADDRESS_MAILS_MAX, DAY).unwrap();
        assert_eq!(next.sends.len(), 10);
        assert_eq!(next.spend(T0 + DAY, 0, DAY), Err(T0 + DAY + DAY), "no budget never opens");
    }

    #[test]
    fn a_clock_behind_buys_nothing() {
        let standing = sent(&[10]);
        assert_eq!(standing.ask(minute(9)), Ask::Wait { until: minute(11) });
    }

    #[test]
    fn what_is_saved_is_what_is_read() {
        let standing = Standing { misses: 3, ..sent(&[0, 5]) }.confirmed();
        let saved = serde_json::to_string(&standing).unwrap();
        assert_eq!(serde_json::from_str::<Standing>(&saved).unwrap(), standing);
    }

    proptest! {
        #[test]
        fn the_promised_instant_is_the_first_that_helps(
            gaps in prop::collection::vec(prop_oneof![0_i64..8, 0_i64..40, 0_i64..1500], 0..60),
            misses in prop::sample::select(vec![0, MISSES_MAX]),
        ) {
            let mut standing = Standing { misses, ..Standing::default() };
            let mut now = T0;
            for gap in gaps {
                now += SignedDuration::from_mins(gap);
                match standing.ask(now) {
                    Ask::Code(next) | Ask::Confirmation(next) => standing = next,
                    Ask::Wait { until } => {
                        prop_assert!(now < until && until <= now + DAY);
                        prop_assert_eq!(standing.ask(until - NANO), Ask::Wait { until });
                        let is_wait = matches!(standing.ask(until), Ask::Wait { .. });
                        prop_assert!(!is_wait);
                    }
                }
                prop_assert!(standing.sends.len() <= CODES_PER_DAY_MAX);
            }
        }

        #[test]
        fn no_window_ever_holds_more_than_its_limit(
            gaps in prop::collection::vec(0_i64..90, 0..80), limit in 0_usize..5,
        ) {
            let window = SignedDuration::from_mins(120);
            let (mut budget, mut now, mut all) = (SendBudget::default(), T0, Vec::new());
            for gap in gaps {
                now += SignedDuration::from_mins(gap);
                if let Ok(next) = budget.spend(now, limit, window) {
                    budget = next;
                    all.push(now);
                }
                prop_assert!(budget.sends.len() <= limit);
            }
            for start in &all {
                let inside = all.iter().filter(|at| *start <= **at && **at < *start + window);
                prop_assert!(inside.count() <= limit);
            }
        }
    }
}
