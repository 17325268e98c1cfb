//! What may happen to a request, and what never does.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use ulid::Ulid;

use super::*;
use crate::id::Id;

const T0: Timestamp = Timestamp::UNIX_EPOCH;

fn id<I: Id>(number: u128) -> I {
    I::from_ulid(Ulid::from_parts(1, number))
}

fn documents(numbers: impl IntoIterator<Item = u128>) -> BTreeSet<DocumentId> {
    numbers.into_iter().map(id).collect()
}

fn asking_for(count: u128) -> Request {
    let asked = Asked {
        company: "Initech".parse().unwrap(),
        job_title: "Risk".parse().unwrap(),
        reason: "Review".parse().unwrap(),
        documents: (0..count).map(id).collect(),
    };
    Request::new(id(1), id(2), asked, T0)
}

#[test]
fn naming_a_document_twice_asks_for_it_once() {
    let mut asked = Asked {
        company: "Initech".parse().unwrap(),
        job_title: "Risk".parse().unwrap(),
        reason: "Review".parse().unwrap(),
        documents: vec![id(3), id(1), id(3)],
    };
    let request = Request::new(id(1), id(2), asked.clone(), T0);
    asked.documents = vec![id(3), id(1)];
    assert_eq!(request, Request::new(id(1), id(2), asked, T0));
}

#[test]
fn two_of_three_leave_a_request_open_and_the_third_approves_it() {
    let request = asking_for(3);
    assert_eq!(request.clone().covered_by(&documents([0, 1]), T0), None);
    let approved = request.covered_by(&documents([0, 1, 2, 9]), T0).unwrap();
    assert_eq!(approved.status, Status::Approved);
    assert!(approved.automatic && approved.open_documents().next().is_none());
    assert_eq!(approved.clone().covered_by(&documents([0, 1, 2]), T0), None, "only once");
}

#[test]
fn declined_items_do_not_count_towards_coverage() {
    let none = BTreeSet::new();
    let request = asking_for(2).decide(&none, &documents([1]), id(7), T0).unwrap();
    assert_eq!(request.status, Status::InReview);
    assert!(request.covered_by(&documents([0]), T0).is_some());
}

#[test]
fn a_request_ends_rejected_only_if_nothing_was_shared() {
    let none = BTreeSet::new();
    let all = documents([0, 1]);
    let by = id(7);
    assert_eq!(asking_for(2).decide(&none, &all, by, T0).unwrap().status, Status::Rejected);
    let mixed = asking_for(2).decide(&documents([0]), &documents([1]), by, T0).unwrap();
    assert_eq!(mixed.status, Status::Approved);
    assert!(!mixed.automatic);
}

#[test]
fn decisions_name_open_items_once() {
    let none = BTreeSet::new();
    let decide = |share: &_, decline: &_| asking_for(1).decide(share, decline, id(7), T0);
    assert_eq!(decide(&none, &none), Err(RequestError::Nothing));
    assert_eq!(decide(&documents([5]), &none), Err(RequestError::NotOpen(id(5))));
    assert_eq!(decide(&documents([0]), &documents([0])), Err(RequestError::Both(id(0))));
}

#[test]
fn an_answer_needs_a_question_and_puts_the_request_back_under_review() {
    let note = |text: &str| text.parse::<Note>().unwrap();
    assert_eq!(asking_for(1).answer(note("yes"), T0), Err(RequestError::NoQuestion));
    let asked = asking_for(1).ask(note("why?"), 0, id(7), T0).unwrap();
    assert_eq!(asked.status, Status::InfoNeeded);
    let answered = asked.answer(note("audit"), T0).unwrap();
    assert_eq!(answered.status, Status::InReview);
    assert_eq!(answered.answer(note("again"), T0), Err(RequestError::NoQuestion));
}

#[test]
fn a_mailed_question_is_answered_once_in_time_and_by_who_was_asked() {
    let note = |text: &str| text.parse::<Note>().unwrap();
    let asked = asking_for(1).ask(note("why?"), 3, id(7), T0).unwrap();
    let end = T0 + ANSWER_LIFE;
    assert!(asked.awaits(0, 3, end - SignedDuration::from_nanos(1)));
    assert!(!asked.awaits(0, 3, end), "over");
    assert!(!asked.awaits(0, 4, T0), "the address changed, or access was suspended");
    assert!(!asked.awaits(1, 3, T0), "never asked");
    let again = asked.clone().ask(note("and who?"), 3, id(7), T0).unwrap();
    assert!(!again.awaits(0, 3, T0) && again.awaits(1, 3, T0), "only the last");
    assert!(!asked.clone().answer(note("audit"), T0).unwrap().awaits(0, 3, T0), "answered");
    assert!(!asked.withdraw(T0).unwrap().awaits(0, 3, T0), "ended");
}

#[test]
fn deleting_a_document_withdraws_its_item_and_judges_the_rest() {
    let shared = asking_for(2).decide(&documents([0]), &BTreeSet::new(), id(7), T0).unwrap();
    assert_eq!(shared.without(id(1), T0).unwrap().status, Status::Approved);
    assert_eq!(asking_for(1).without(id(0), T0).unwrap().status, Status::Withdrawn);
    assert_eq!(asking_for(1).without(id(5), T0), None);
}

#[derive(Clone, Debug)]
enum Event {
    Start,
    Ask,
    Answer,
    Withdraw,
    Decide(BTreeSet<u128>, BTreeSet<u128>),
    Cover(BTreeSet<u128>),
    Delete(u128),
}

fn event() -> impl Strategy<Value = Event> {
    let some = || btree_set(0_u128..4, 0..4);
    prop_oneof![
        Just(Event::Start),
        Just(Event::Ask),
        Just(Event::Answer),
        Just(Event::Withdraw),
        (some(), some()).prop_map(|(share, decline)| Event::Decide(share, decline)),
        some().prop_map(Event::Cover),
        (0_u128..4).prop_map(Event::Delete),
    ]
}

fn apply(request: Request, event: &Event) -> Request {
    let before = request.clone();
    let note = || "text".parse::<Note>().unwrap();
    let by = id(7);
    match event {
        Event::Start => request.start_review(by, T0).unwrap_or(before),
        Event::Ask => request.ask(note(), 0, by, T0).unwrap_or(before),
        Event::Answer => request.answer(note(), T0).unwrap_or(before),
        Event::Withdraw => request.withdraw(T0).unwrap_or(before),
        Event::Decide(share, decline) => {
            let (share, decline) = (documents(share.clone()), documents(decline.clone()));
            request.decide(&share, &decline, by, T0).unwrap_or(before)
        }
        Event::Cover(live) => request.covered_by(&documents(live.clone()), T0).unwrap_or(before),
        Event::Delete(document) => request.without(id(*document), T0).unwrap_or(before),
    }
}

proptest! {
    #[test]
    fn whatever_happens_an_ended_request_stays_as_it_is(events in vec(event(), 0..20)) {
        let mut request = asking_for(3);
        for event in &events {
            let next = apply(request.clone(), event);
            if !request.status.is_pending() {
                prop_assert_eq!(&next, &request);
            }
            // Every change is one save, and every save says what happened.
            prop_assert!(next == request || next.version == request.version + 1);
            let is_open = next.open_documents().next().is_some();
            prop_assert!(is_open || !next.status.is_pending(), "nothing open, yet pending");
            if next.status == Status::Approved {
                prop_assert!(next.items.iter().any(|item| item.state == ItemState::Shared));
            }
            request = next;
        }
    }
}

#[test]
fn a_status_is_stored_by_its_word_and_waits_until_it_ends() {
    for status in Status::ALL {
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
    let pending: Vec<_> = Status::ALL.into_iter().filter(|status| status.is_pending()).collect();
    assert_eq!(pending, [Status::ToReview, Status::InReview, Status::InfoNeeded]);
}

#[test]
fn a_review_starts_once_and_what_ended_is_refused_with_what_it_is() {
    let reviewed = asking_for(1).start_review(id(7), T0).unwrap();
    assert_eq!(reviewed.clone().start_review(id(7), T0), Err(RequestError::Started));
    let asked = reviewed.ask("why?".parse().unwrap(), 0, id(7), T0).unwrap();
    assert_eq!(asked.clone().start_review(id(7), T0), Err(RequestError::Started));
    let ended = asked.withdraw(T0).unwrap();
    assert_eq!(ended.status, Status::Withdrawn);
    let refused = RequestError::Ended(Status::Withdrawn);
    assert_eq!(ended.clone().start_review(id(7), T0), Err(refused));
    assert_eq!(ended.clone().answer("audit".parse().unwrap(), T0), Err(refused));
    assert_eq!(ended.withdraw(T0), Err(refused));
}

#[test]
fn a_request_carries_so_many_questions_and_no_more() {
    let ask = |request: Request| request.ask("why?".parse().unwrap(), 0, id(7), T0);
    let full = (0..QUESTIONS_MAX).fold(asking_for(1), |request, _| ask(request).unwrap());
    assert_eq!(full.questions.len(), QUESTIONS_MAX);
    assert_eq!(ask(full), Err(RequestError::TooManyQuestions));
}

#[test]
fn the_timeline_tells_what_was_decided_and_by_whom() {
    let told = |request: &Request| {
        let of = |entry: &Entry| (entry.what, entry.by, entry.automatic);
        request.timeline.iter().map(of).collect::<Vec<_>>()
    };
    let (none, by) = (BTreeSet::new(), Some(id(7)));
    let shared = asking_for(2).decide(&documents([0]), &none, id(7), T0).unwrap();
    let created = (What::Created, None, false);
    assert_eq!(told(&shared), [created, (What::Shared, by, false)]);
    let both = asking_for(2).decide(&documents([0]), &documents([1]), id(7), T0).unwrap();
    let decided = [(What::Shared, by, false), (What::Declined, by, false)];
    assert_eq!(told(&both), [created, decided[0], decided[1], (What::Approved, by, false)]);
    let declined = asking_for(1).decide(&none, &documents([0]), id(7), T0).unwrap();
    assert_eq!(told(&declined), [created, decided[1], (What::Rejected, by, false)]);
    let covered = asking_for(1).covered_by(&documents([0]), T0).unwrap();
    assert_eq!(told(&covered), [created, (What::Approved, None, true)]);
}

#[test]
fn a_decision_leaves_what_it_does_not_name() {
    let reviewed = asking_for(3).start_review(id(7), T0).unwrap();
    let asked = reviewed.ask("why?".parse().unwrap(), 0, id(7), T0).unwrap();
    let decided = asked.decide(&documents([0]), &documents([1]), id(7), T0).unwrap();
    let states: Vec<_> = decided.items.iter().map(|item| item.state).collect();
    assert_eq!(states, [ItemState::Shared, ItemState::Declined, ItemState::Open]);
    assert_eq!(decided.status, Status::InfoNeeded, "the question still waits");
    let covered = decided.covered_by(&documents([2]), T0).unwrap();
    let states: Vec<_> = covered.items.iter().map(|item| item.state).collect();
    assert_eq!(states, [ItemState::Shared, ItemState::Declined, ItemState::Shared]);
}
