//! Expiry: when access ends, in the zone it was meant in, and who is told before.
//!
//! A date means the end of that day there: the first instant of the next one. So "31 March in
//! Sydney" ends with the last instant that a calendar in Sydney shows 31 March, whatever clocks do
//! that night. Readers judge the instant; the zone is kept for telling people and for warnings,
//! which are days before on the same calendar.

#[cfg(test)]
mod tests;

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::as_text::{display_as_str, read_as_text};
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

display_as_str!(Milestone);

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

read_as_text!(When);

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
