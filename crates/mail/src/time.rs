//! Instants as people read them, by the tenant's clock and saying whose clock it is.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// "29 November 2026, 10:20 (Zurich)".
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string();
    format!("{local} ({})", place(at, zone))
}

/// "29 November 2026, 10:20 (Zurich)", or "the end of 28 November 2026 (Zurich)" for the instant at
/// which a day begins: nobody reads midnight as the day before.
#[must_use]
pub fn until(at: Timestamp, zone: &TimeZone) -> String {
    if !begins_a_day(at, zone) {
        return moment(at, zone);
    }
    let last = at - SignedDuration::from_nanos(1);
    format!("the end of {} ({})", day(last, zone), place(at, zone))
}

/// "on 29 November 2026, 10:20 (Zurich)", or "at the end of 28 November 2026 (Zurich)".
#[must_use]
pub fn end(at: Timestamp, zone: &TimeZone) -> String {
    let preposition = if begins_a_day(at, zone) { "at" } else { "on" };
    format!("{preposition} {}", until(at, zone))
}

fn begins_a_day(at: Timestamp, zone: &TimeZone) -> bool {
    let local = at.to_zoned(zone.clone());
    local.start_of_day().is_ok_and(|start| start == local)
}

/// "09:24 (Zurich)", for what is over within the hour.
pub(crate) fn clock(at: Timestamp, zone: &TimeZone) -> String {
    format!("{} ({})", bare_clock(at, zone), place(at, zone))
}

/// "09:24".
pub(crate) fn bare_clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// "29 November 2026".
pub(crate) fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}

/// "21 November", or with its year if that is not the year of `beside`.
pub(crate) fn day_beside(at: Timestamp, beside: Timestamp, zone: &TimeZone) -> String {
    let (local, other) = (at.to_zoned(zone.clone()), beside.to_zoned(zone.clone()));
    let format = if local.year() == other.year() { "%-d %B" } else { "%-d %B %Y" };
    local.strftime(format).to_string()
}

/// The city of an IANA name, "UTC", or the offset of a zone without a name.
fn place(at: Timestamp, zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) => name.rsplit('/').next().unwrap_or(name).replace('_', " "),
        None => at.to_zoned(zone.clone()).strftime("UTC%:z").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz;

    use super::*;

    #[test]
    fn a_moment_names_the_city_of_its_clock() {
        let at: Timestamp = "2026-11-29T09:20:00Z".parse().unwrap();
        let zone = |name| TimeZone::get(name).unwrap();
        assert_eq!(moment(at, &zone("Europe/Zurich")), "29 November 2026, 10:20 (Zurich)");
        assert_eq!(moment(at, &zone("America/New_York")), "29 November 2026, 04:20 (New York)");
        assert_eq!(
            moment(at, &zone("America/Argentina/Buenos_Aires")),
            "29 November 2026, 06:20 (Buenos Aires)"
        );
        assert_eq!(moment(at, &TimeZone::UTC), "29 November 2026, 09:20 (UTC)");
        let fixed = TimeZone::fixed(tz::offset(2));
        assert_eq!(clock(at, &fixed), "11:20 (UTC+02:00)");
    }

    #[test]
    fn an_end_at_midnight_is_the_end_of_the_day_before() {
        let sydney = TimeZone::get("Australia/Sydney").unwrap();
        let at = |text: &str| end(text.parse().unwrap(), &sydney);
        assert_eq!(at("2026-03-31T13:00:00Z"), "at the end of 31 March 2026 (Sydney)");
        assert_eq!(at("2026-03-31T13:00:01Z"), "on 1 April 2026, 00:00 (Sydney)");
        assert_eq!(at("2026-03-31T02:30:00Z"), "on 31 March 2026, 13:30 (Sydney)");
    }

    #[test]
    fn a_day_of_another_year_says_which() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (december, january) = (at("2026-12-31T12:00:00Z"), at("2027-01-01T12:00:00Z"));
        assert_eq!(day_beside(december, december, &TimeZone::UTC), "31 December");
        assert_eq!(day_beside(december, january, &TimeZone::UTC), "31 December 2026");
    }
}
