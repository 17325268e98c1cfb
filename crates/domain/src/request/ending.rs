//! What time does to a request: nobody touches it for too long, or its maker is erased.

use jiff::{SignedDuration, Timestamp};

use crate::request::{Request, Status, What};
use crate::text::{JobTitle, Note};

/// How long a pending request waits without being touched.
pub const UNTOUCHED_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Request {
    /// When the request ends unless somebody touches it before; `None` if it has ended.
    #[must_use]
    pub fn patient_until(&self) -> Option<Timestamp> {
        let touched_at = self.timeline.last().map_or(self.created_at, |entry| entry.at);
        self.status.is_pending().then(|| touched_at + UNTOUCHED_LIFE)
    }

    /// The request ended because nobody touched it; `None` if it has ended or was touched lately.
    #[must_use]
    pub fn expired(self, now: Timestamp) -> Option<Self> {
        let is_over = self.patient_until().is_some_and(|end| end <= now);
        is_over.then(|| self.moved(Status::Expired, What::Expired, None, now))
    }

    /// The request without what its maker typed about themselves; `None` if it holds nothing of
    /// it. Which documents were asked for, and what was decided, stays as evidence.
    #[must_use]
    pub fn erased(mut self) -> Option<Self> {
        let is_erased = |note: &Note| *note == Note::erased();
        let answers = || self.questions.iter().filter_map(|question| question.answer.as_ref());
        if is_erased(&self.reason)
            && self.job_title == JobTitle::erased()
            && answers().all(is_erased)
        {
            return None;
        }
        self.version += 1;
        self.reason = Note::erased();
        self.job_title = JobTitle::erased();
        for answer in self.questions.iter_mut().filter_map(|question| question.answer.as_mut()) {
            *answer = Note::erased();
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;
    use crate::request::Asked;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;

    fn request() -> Request {
        let asked = Asked {
            company: "Initech".parse().unwrap(),
            job_title: "Head of Security".parse().unwrap(),
            reason: "Our yearly review".parse().unwrap(),
            documents: vec![Id::from_ulid(Ulid::from_parts(0, 1))],
        };
        let id = |number| Ulid::from_parts(0, number);
        Request::new(Id::from_ulid(id(2)), Id::from_ulid(id(3)), asked, T0)
    }

    #[test]
    fn ninety_days_without_a_touch_end_a_request_and_a_touch_begins_them_anew() {
        let end = T0 + UNTOUCHED_LIFE;
        assert!(request().expired(end - SignedDuration::from_nanos(1)).is_none());
        let expired = request().expired(end).unwrap();
        assert_eq!((expired.status, expired.version), (Status::Expired, 2));
        assert_eq!(expired.patient_until(), None, "nothing ends twice");
        let member = Id::from_ulid(Ulid::from_parts(0, 4));
        let touched = request().start_review(member, end - SignedDuration::from_secs(1)).unwrap();
        assert!(touched.expired(end).is_none());
    }

    #[test]
    fn erasing_takes_what_a_person_typed_and_is_done_once() {
        let erased = request().erased().unwrap();
        assert_eq!((erased.reason.as_str(), erased.job_title.as_str()), ("Erased", "Erased"));
        assert_eq!(erased.items, request().items);
        assert!(erased.erased().is_none());
    }

    #[test]
    fn whatever_a_person_typed_is_erased_wherever_it_is_left() {
        let member = Id::from_ulid(Ulid::from_parts(0, 4));
        let note = |text: &str| text.parse::<Note>().unwrap();
        let asked = request().ask(note("Why?"), 0, member, T0).unwrap();
        let answered = asked.answer(note("Our auditor asks."), T0).unwrap();
        let erased = answered.clone().erased().unwrap();
        assert_eq!(erased.version, answered.version + 1);
        assert_eq!(erased.questions[0].text, note("Why?"), "staff typed that");
        assert_eq!(erased.questions[0].answer, Some(Note::erased()));
        for left in [
            Request { reason: note("Our yearly review"), ..erased.clone() },
            Request { job_title: "Head of Security".parse().unwrap(), ..erased.clone() },
            Request { questions: answered.questions, ..erased.clone() },
        ] {
            assert!(left.erased().is_some_and(|again| again.questions == erased.questions));
        }
        assert!(erased.erased().is_none());
    }
}
