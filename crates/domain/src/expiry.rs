//! Expiry: when access ends, in the zone it was meant in, and who is told before.
//!
//! A date means the end of that day there: the first instant of the next one. So "31 March in
//! Sydney" ends with the last instant that a calendar in Sydney shows 31 March, whatever clocks do
//! that night. Readers judge the instant; the zone is kept for telling people and for warnings,
//! which are days before on the same calendar.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use crate::tenant::Zone;

/// How far ahead access may end: a hundred years of 365.25 days. Keys by time hold 13 digits of
/// milliseconds, which last until the year 2286.
pub const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(36_525 * 24);
/// How long after its end access can still be extended, which restores it.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Days by which access is extended unless somebody says otherwise.
pub const EXTENSION_DAYS: i64 = 30;

/// When something ends, as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At this instant.
    Instant(Timestamp),
    /// With the end of this day.
    Day(Date),
}

/// Why an end is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpiryError {
    /// Neither an instant nor a day.
    #[error("expected an instant such as `2026-03-31T16:00:00Z` or a day such as `2026-03-31`")]
    Unreadable,
    /// It has passed.
    #[error("this is over; choose a later one")]
    Over,
    /// It lies further ahead than [`AHEAD_MAX`].
    #[error("choose an end within the next hundred years")]
    TooFar,
    /// It does not lie behind the present end.
    #[error("choose a later end than the present one")]
    NotLater,
}

/// An end: the instant, and the zone it was meant in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// The first instant at which it is over.
    pub at: Timestamp,
    /// Where its day was meant.
    pub zone: Zone,
    /// What was to be said until this instant was said, or had passed before there was anything
    /// to say it about.
    pub told: Timestamp,
}

/// What people are told about an end, in the order of time.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// It ends in 14 days.
    InFourteenDays,
    /// It ends in 3 days.
    InThreeDays,
    /// It ends today.
    Today,
    /// It is over.
    Over,
}

impl Milestone {
    /// Every milestone, in the order of time.
    pub const ALL: [Self; 4] = [Self::InFourteenDays, Self::InThreeDays, Self::Today, Self::Over];

    /// The word for keys and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InFourteenDays => "in_14_days",
            Self::InThreeDays => "in_3_days",
            Self::Today => "today",
            Self::Over => "over",
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl When {
    /// The end that is meant in `zone`, set at `now`.
    ///
    /// # Errors
    /// [`ExpiryError::Over`] if it has passed, [`ExpiryError::TooFar`].
    pub fn ends(self, zone: &Zone, now: Timestamp) -> Result<Expiry, ExpiryError> {
        let at = match self {
            Self::Instant(at) => at,
            Self::Day(day) => end_of(day, &zone.rules()).ok_or(ExpiryError::TooFar)?,
        };
        if at <= now {
            return Err(ExpiryError::Over);
        }
        if AHEAD_MAX < at.duration_since(now) {
            return Err(ExpiryError::TooFar);
        }
        Ok(Expiry { at, zone: zone.clone(), told: now })
    }
}

/// The first instant after `day` in a zone; midnight, unless clocks skip it.
fn end_of(day: Date, rules: &TimeZone) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned(rules.clone()).ok()?;
    Some(next.start_of_day().ok()?.timestamp())
}

impl Expiry {
    /// Whether both are the same end, whatever was told about it.
    #[must_use]
    pub fn is_same_end(&self, other: &Self) -> bool {
        self.at == other.at && self.zone == other.zone
    }

    /// Whether it is over at `now`.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.at <= now
    }

    /// When `milestone` is told: days before on the calendar of the zone, at the same time of day;
    /// on the last day when it begins.
    #[must_use]
    pub fn told_at(&self, milestone: Milestone) -> Timestamp {
        let days_before = |days: i64| {
            let end = self.at.to_zoned(self.zone.rules());
            end.checked_sub(Span::new().days(days)).map_or(self.at, |zoned| zoned.timestamp())
        };
        match milestone {
            Milestone::InFourteenDays => days_before(14),
            Milestone::InThreeDays => days_before(3),
            Milestone::Today => {
                let last = self.at - SignedDuration::from_nanos(1);
                let day = last.to_zoned(self.zone.rules()).start_of_day();
                day.map_or(self.at, |zoned| zoned.timestamp())
            }
            Milestone::Over => self.at,
        }
    }

    /// The next milestone to be told, and when; `None` once all was told.
    #[must_use]
    pub fn next(&self) -> Option<(Milestone, Timestamp)> {
        let moments = Milestone::ALL.map(|milestone| (milestone, self.told_at(milestone)));
        moments.into_iter().find(|(_, at)| self.told < *at)
    }

    /// What is to be told at `now`: the last milestone that has come, for nobody needs to hear
    /// that fourteen days were left once three are. `None` if none has come since the last.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Milestone> {
        let has_come = |milestone: &Milestone| {
            let at = self.told_at(*milestone);
            self.told < at && at <= now
        };
        Milestone::ALL.into_iter().rfind(has_come)
    }

    /// The end after everything that had come by `now` was told.
    #[must_use]
    pub fn told(self, now: Timestamp) -> Self {
        Self { told: self.told.max(now), ..self }
    }

    /// The end extended at `now`: to `when`, else by [`EXTENSION_DAYS`] on the calendar, counted
    /// from the present end or from now, whichever is later.
    ///
    /// # Errors
    /// [`ExpiryError::NotLater`], or as [`When::ends`].
    pub fn extended(
        &self,
        when: Option<When>,
        zone: Option<&Zone>,
        now: Timestamp,
    ) -> Result<Self, ExpiryError> {
        let zone = zone.unwrap_or(&self.zone);
        let next = if let Some(when) = when {
            when.ends(zone, now)?
        } else {
            let from = self.at.max(now).to_zoned(zone.rules());
            let days = Span::new().days(EXTENSION_DAYS);
            let at = from.checked_add(days).map_err(|_| ExpiryError::TooFar)?;
            When::Instant(at.timestamp()).ends(zone, now)?
        };
        if next.at <= self.at { Err(ExpiryError::NotLater) } else { Ok(next) }
    }
}

impl FromStr for When {
    type Err = ExpiryError;

    fn from_str(text: &str) -> Result<Self, ExpiryError> {
        // A date alone also reads as a prefix of an instant: tell them apart by length.
        if text.len() == "2026-03-31".len() {
            return text.parse().map(Self::Day).map_err(|_| ExpiryError::Unreadable);
        }
        text.parse().map(Self::Instant).map_err(|_| ExpiryError::Unreadable)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for When {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "When".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An instant, or a day: then the end of that day in the zone beside it.",
            "type": "string",
            "anyOf": [{ "format": "date-time" }, { "format": "date" }],
            "examples": ["2027-03-31", "2027-03-31T16:00:00Z"],
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn ends(when: &str, name: &str) -> Expiry {
        let when: When = when.parse().unwrap();
        when.ends(&zone(name), at("2009-01-01T00:00:00Z")).unwrap()
    }

    #[test]
    fn a_day_ends_where_it_was_meant() {
        let cases = [
            // Sydney is eleven hours ahead on 31 March, and ten from 5 April 2026 on.
            ("2026-03-31", "Australia/Sydney", "2026-03-31T13:00:00Z"),
            ("2026-04-05", "Australia/Sydney", "2026-04-05T14:00:00Z"),
            // The same day ends a day apart on both sides of the date line.
            ("2026-03-31", "Pacific/Kiritimati", "2026-03-31T10:00:00Z"),
            ("2026-03-31", "Pacific/Pago_Pago", "2026-04-01T11:00:00Z"),
            ("2026-03-31", "UTC", "2026-04-01T00:00:00Z"),
            // Clocks change during the night that ends the day.
            ("2026-03-28", "Europe/Zurich", "2026-03-28T23:00:00Z"),
            ("2026-03-29", "Europe/Zurich", "2026-03-29T22:00:00Z"),
            ("2026-10-25", "Europe/Zurich", "2026-10-25T23:00:00Z"),
            // There is no midnight in Beirut between these days: 29 March begins at one o'clock.
            ("2026-03-28", "Asia/Beirut", "2026-03-28T22:00:00Z"),
            // Apia skipped 30 December 2011 altogether.
            ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00:00Z"),
        ];
        for (day, name, end) in cases {
            assert_eq!(ends(day, name).at, at(end), "{day} {name}");
        }
    }

    #[test]
    fn an_instant_is_that_instant_wherever_it_was_meant() {
        let end = "2026-03-31T09:30:00Z";
        assert_eq!(ends(end, "Australia/Sydney").at, at(end));
        assert_eq!(ends("2026-03-31T20:30:00+11:00", "UTC").at, at(end));
    }

    #[test]
    fn what_is_neither_day_nor_instant_or_has_passed_or_never_comes_is_refused() {
        for text in ["", "tomorrow", "2026-02-30", "2026-3-31", "31.03.2026", "2026-03-31T25:00Z"] {
            assert_eq!(text.parse::<When>(), Err(ExpiryError::Unreadable), "{text:?}");
        }
        let now = at("2026-03-31T13:00:00Z");
        let judge = |text: &str| {
            text.parse::<When>().unwrap().ends(&zone("Australia/Sydney"), now).map(|end| end.at)
        };
        assert_eq!(judge("2026-03-31"), Err(ExpiryError::Over), "this very instant is over");
        assert_eq!(judge("2026-04-01"), Ok(at("2026-04-01T13:00:00Z")));
        assert_eq!(judge("2126-04-03"), Err(ExpiryError::TooFar));
        assert_eq!(judge("9999-12-31"), Err(ExpiryError::TooFar));
    }

    #[test]
    fn it_is_over_from_its_own_instant_on() {
        let end = ends("2026-03-31", "Australia/Sydney");
        let milli = SignedDuration::from_millis(1);
        assert!(!end.is_over(end.at - milli));
        assert!(end.is_over(end.at));
        assert!(end.is_over(end.at + milli));
    }

    #[test]
    fn warnings_keep_to_the_calendar_over_a_change_of_clocks() {
        // Clocks in Zurich went forward on 29 March, between all warnings and the end.
        let end = ends("2026-03-31", "Europe/Zurich");
        assert_eq!(end.at, at("2026-03-31T22:00:00Z"));
        assert_eq!(end.told_at(Milestone::InFourteenDays), at("2026-03-17T23:00:00Z"));
        assert_eq!(end.told_at(Milestone::InThreeDays), at("2026-03-28T23:00:00Z"));
        assert_eq!(end.told_at(Milestone::Today), at("2026-03-30T22:00:00Z"));
        assert_eq!(end.told_at(Milestone::Over), end.at);
        let noon = ends("2026-03-31T10:00:00Z", "Europe/Zurich");
        assert_eq!(noon.told_at(Milestone::Today), at("2026-03-30T22:00:00Z"));
    }

    #[test]
    fn a_warning_whose_instant_had_passed_is_skipped() {
        let now = at("2026-03-30T12:00:00Z");
        let end = When::Day("2026-03-31".parse().unwrap()).ends(&zone("UTC"), now).unwrap();
        assert_eq!(end.next(), Some((Milestone::Today, at("2026-03-31T00:00:00Z"))));
        assert_eq!(end.due(at("2026-03-30T23:59:59Z")), None);
        assert_eq!(end.due(at("2026-03-31T00:00:00Z")), Some(Milestone::Today));
        let told = end.clone().told(at("2026-03-31T00:00:00Z"));
        assert_eq!(told.next(), Some((Milestone::Over, at("2026-04-01T00:00:00Z"))));
        assert_eq!(told.told(at("2026-04-01T00:00:00Z")).next(), None);
        let last_day = end.told(at("2026-03-31T08:00:00Z"));
        assert_eq!(last_day.due(at("2026-03-31T23:00:00Z")), None);
    }

    #[test]
    fn an_extension_is_thirty_days_of_the_calendar_or_what_is_said_and_always_later() {
        let end = ends("2026-03-10", "Europe/Zurich");
        let before = end.at - SignedDuration::from_hours(1);
        let by_default = end.extended(None, None, before).unwrap();
        assert_eq!(by_default.at, ends("2026-04-09", "Europe/Zurich").at);
        let late = end.at + SignedDuration::from_hours(48);
        assert_eq!(
            end.extended(None, None, late).unwrap().at,
            ends("2026-04-11", "Europe/Zurich").at
        );
        let same = end.extended(Some(When::Instant(end.at)), None, before);
        assert_eq!(same, Err(ExpiryError::NotLater));
        let over = end.extended(Some(When::Day("2026-03-11".parse().unwrap())), None, late);
        assert_eq!(over, Err(ExpiryError::Over));
    }

    proptest! {
        #[test]
        fn each_milestone_is_told_once_and_in_order(
            end in 1_700_000_000_i64..2_000_000_000,
            begun in 0_i64..2_000_000,
            looks in proptest::collection::vec(1_i64..400_000, 0..40),
            name in prop::sample::select(vec!["UTC", "Europe/Zurich", "Pacific/Apia", "Asia/Beirut"]),
        ) {
            let end = Timestamp::from_second(end).unwrap();
            let mut now = end - SignedDuration::from_secs(begun + 1);
            let set = When::Instant(end).ends(&zone(name), now).unwrap();
            let first = now;
            let (mut expiry, mut told) = (set.clone(), Vec::new());
            for look in looks.into_iter().chain([3_000_000]) {
                now += SignedDuration::from_secs(look);
                if let Some(milestone) = expiry.due(now) {
                    prop_assert!(first < set.told_at(milestone) && set.told_at(milestone) <= now);
                    told.push(milestone);
                }
                expiry = expiry.told(now);
            }
            prop_assert!(told.is_sorted_by(|one, two| one < two), "{told:?}");
            prop_assert_eq!(told.last(), Some(&Milestone::Over));
            prop_assert_eq!(expiry.next(), None);
        }
    }
}
