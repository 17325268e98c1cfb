//! The rules of mails that are owed, one by one.

use proptest::prelude::*;
use ulid::Ulid;

use super::*;
use crate::id::{ChallengeId, ContactId, RequestId};

fn owed() -> Mail {
    let challenge_id = ChallengeId::from_ulid(Ulid::from_parts(1, 1));
    let end = Timestamp::from_second(600).unwrap();
    Mail::new(Purpose::Code { challenge_id }, Timestamp::UNIX_EPOCH, end)
}

fn rejection() -> Mail {
    let contact_id = ContactId::from_ulid(Ulid::from_parts(1, 2));
    let request_id = RequestId::from_ulid(Ulid::from_parts(1, 3));
    Mail::new(Purpose::Rejected { contact_id, request_id }, at(0), at(600))
}

#[test]
fn one_cause_has_one_id_in_each_round_and_another_cause_another() {
    assert_eq!(rejection().id, rejection().id);
    assert_ne!(rejection().id, owed().id);
    let sent = rejection().leased(at(0)).unwrap().tried(Outcome::Refused, at(1));
    let again = sent.again(sent.purpose.clone(), at(2), at(900)).unwrap();
    assert_eq!((again.round, again.state, again.version), (1, State::Pending, 1));
    assert_ne!(again.id, sent.id);
    assert_eq!(again.id, sent.again(sent.purpose.clone(), at(3), at(900)).unwrap().id);
}

#[test]
fn what_is_on_its_way_and_what_holds_a_code_is_not_sent_again() {
    let again = |mail: &Mail| mail.again(mail.purpose.clone(), at(2), at(900));
    assert_eq!(again(&rejection()), Err(AgainError::OnItsWay));
    let spent = owed().leased(at(0)).unwrap().tried(Outcome::Moot, at(1));
    assert_eq!(again(&spent), Err(AgainError::AskAnew));
}

#[test]
fn news_settles_a_mail_in_doubt_and_worse_news_stays() {
    let doubtful = owed().leased(at(0)).unwrap().tried(Outcome::Again, at(1));
    let delivered = doubtful.heard(News::Delivered, at(5)).unwrap();
    assert_eq!(delivered.clone().leased(at(500)), None, "it is not sent again");
    assert_eq!(delivered.clone().heard(News::Delivered, at(6)), None);
    let bounced = delivered.heard(News::Bounced, at(7)).unwrap();
    assert_eq!(bounced.clone().heard(News::Delivered, at(8)), None);
    assert_eq!((bounced.heard_at, bounced.settled_at), (Some(at(7)), Some(at(5))));
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_lease_keeps_others_away_until_it_is_over() {
    let leased = owed().leased(at(0)).unwrap();
    assert_eq!(leased.clone().leased(at(59)), None);
    assert!(leased.leased(at(60)).is_some_and(|again| again.attempts == 2));
}

#[test]
fn an_expired_code_is_never_sent() {
    let late = owed().leased(at(600)).unwrap();
    assert_eq!((late.state, late.attempts), (State::Expired, 0));
}

#[test]
fn a_settled_mail_is_not_looked_at_again() {
    let sent = owed().leased(at(0)).unwrap().tried(Outcome::Sent("m".to_owned()), at(1));
    assert_eq!(sent.message_id.as_deref(), Some("m"));
    assert_eq!(sent.leased(at(500)), None);
}

proptest! {
    #[test]
    fn a_mail_is_tried_a_bounded_number_of_times(waits in proptest::collection::vec(0_i64..400, 1..60)) {
        let mut mail = Mail { expires_at: Timestamp::MAX, ..owed() };
        let mut now = 0;
        for wait in waits {
            now += wait;
            if let Some(leased) = mail.clone().leased(at(now)) {
                prop_assert!(leased.version == mail.version + 1);
                mail = leased.tried(Outcome::Again, at(now));
            }
            prop_assert!(mail.attempts <= ATTEMPTS_MAX);
        }
    }
}

fn tried(outcome: Outcome) -> Mail {
    rejection().leased(at(0)).unwrap().tried(outcome, at(1))
}

#[test]
fn a_try_settles_a_mail_or_has_it_tried_again_later_and_later() {
    for (outcome, state) in [
        (Outcome::Sent("m".to_owned()), State::Sent),
        (Outcome::Refused, State::Dead),
        (Outcome::Moot, State::Suppressed),
        (Outcome::Blocked, State::Blocked),
    ] {
        let mail = tried(outcome);
        assert_eq!((mail.state, mail.settled_at, mail.version), (state, Some(at(1)), 3));
        assert!(!mail.is_owed());
    }
    let once = tried(Outcome::Again);
    assert_eq!((once.state, once.due_at, once.settled_at), (State::Retry, at(61), None));
    let twice = once.leased(at(61)).unwrap().tried(Outcome::Again, at(62));
    assert_eq!((twice.attempts, twice.due_at, twice.is_owed()), (2, at(62 + 120), true));
    let last = Mail { attempts: ATTEMPTS_MAX, ..rejection() };
    let before = Mail { attempts: ATTEMPTS_MAX - 1, ..rejection() };
    assert_eq!(last.tried(Outcome::Again, at(1)).state, State::Dead);
    assert_eq!(before.tried(Outcome::Again, at(1)).state, State::Retry);
}

#[test]
fn only_worse_news_changes_a_mail() {
    let heard = |state, news| {
        let mail = Mail { state, ..rejection() }.heard(news, at(9))?;
        assert_eq!((mail.version, mail.heard_at), (2, Some(at(9))));
        Some(mail.state)
    };
    let all = [News::Delivered, News::Rejected, News::Bounced, News::Complained];
    let after = [State::Delivered, State::Dead, State::Bounced, State::Complained].map(Some);
    let early = [State::Pending, State::Leased, State::Retry, State::Sent];
    let unsent = [State::Suppressed, State::Blocked, State::Expired];
    for state in early.into_iter().chain(unsent) {
        assert_eq!(all.map(|news| heard(state, news)), after, "{state:?}");
    }
    for (known, state) in
        [State::Delivered, State::Dead, State::Bounced, State::Complained].into_iter().enumerate()
    {
        let mut expected = after;
        expected[..=known].fill(None);
        assert_eq!(all.map(|news| heard(state, news)), expected, "{state:?}");
    }
}

#[test]
fn a_mail_is_sent_again_once_it_is_settled_unless_it_holds_a_code() {
    assert!(tried(Outcome::Refused).is_resendable());
    assert!(!rejection().is_resendable(), "it is on its way");
    let identity_id = Id::from_ulid(Ulid::from_parts(1, 4));
    let reset = Purpose::PasswordReset { identity_id, epoch: 0, expires_at: at(600) };
    for purpose in [owed().purpose, reset] {
        let settled = Mail { state: State::Sent, purpose, ..rejection() };
        assert!(!settled.is_resendable(), "{settled:?}");
    }
    assert_eq!(Mail { created_at: at(100), ..rejection() }.life(), SignedDuration::from_secs(500));
}

#[test]
fn a_mail_that_comes_too_late_is_settled_and_never_due_again() {
    let late = owed().leased(at(600)).unwrap();
    assert_eq!((late.version, late.settled_at), (2, Some(at(600))));
    assert!(owed().leased(at(599)).is_some_and(|leased| leased.state == State::Leased));
}
