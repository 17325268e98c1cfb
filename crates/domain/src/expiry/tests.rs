//! The rules of ends, one by one.

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
    assert_eq!(end.extended(None, None, late).unwrap().at, ends("2026-04-11", "Europe/Zurich").at);
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

#[test]
fn a_milestone_has_its_own_word() {
    let words = ["in_14_days", "in_3_days", "today", "over"];
    assert_eq!(Milestone::ALL.map(|milestone| milestone.to_string()), words);
}

#[test]
fn the_same_end_is_the_same_instant_meant_in_the_same_zone() {
    let end = ends("2026-03-31T22:00:00Z", "UTC");
    let told = Expiry { told: end.at, ..end.clone() };
    assert!(end.is_same_end(&told), "whatever was told of it");
    assert!(!end.is_same_end(&ends("2026-03-31T22:00:00Z", "Europe/Zurich")));
    assert!(!end.is_same_end(&ends("2026-03-31T23:00:00Z", "UTC")));
}

#[test]
fn an_end_lies_a_hundred_years_ahead_at_the_most() {
    let now = at("2026-03-31T13:00:00Z");
    let ends = |at| When::Instant(at).ends(&zone("UTC"), now).map(|end| end.at);
    assert_eq!(ends(now + AHEAD_MAX), Ok(now + AHEAD_MAX));
    let beyond = now + AHEAD_MAX + SignedDuration::from_nanos(1);
    assert_eq!(ends(beyond), Err(ExpiryError::TooFar));
}

#[test]
fn an_extension_is_never_shorter_and_may_move_to_another_zone() {
    let end = ends("2026-03-10", "Europe/Zurich");
    let now = end.at - SignedDuration::from_hours(48);
    let earlier = end.at - SignedDuration::from_hours(1);
    let shorter = end.extended(Some(When::Instant(earlier)), None, now);
    assert_eq!(shorter, Err(ExpiryError::NotLater));
    let day = When::Day("2026-03-31".parse().unwrap());
    let moved = end.extended(Some(day), Some(&zone("Australia/Sydney")), now).unwrap();
    assert_eq!(moved, Expiry { told: now, ..ends("2026-03-31", "Australia/Sydney") });
}

#[test]
fn the_api_tells_that_an_end_is_an_instant_or_a_day() {
    let schema = schemars::schema_for!(When).to_value();
    assert_eq!(schema["title"], "When");
    assert_eq!(schema["anyOf"][1]["format"], "date");
}
