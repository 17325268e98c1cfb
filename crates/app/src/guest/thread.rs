//! What a guest reads and writes in the thread of the link's document.
//!
//! What a guest writes is between them and the company: other guests of the same link, who may be
//! strangers to each other, do not see it.

use domain::activity::Object;
use domain::contact::Contact;
use domain::event::{Event, Kind as EventKind};
use domain::id::EventId;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::text::Note;
use jiff::SignedDuration;
use policy::trust::Action;
use store::StoreError;
use store::change::Change;

use super::Guest;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::sharing::arrival::NOTICE_LIFE;

/// Entries that one page looks through in search of those that are the guest's to see.
const LOOKED_AT_MAX: usize = 1_000;
/// Entries that are read at once in search of some.
const LOOKED_AT_ONCE: usize = 100;
/// Entries that one contact adds on one link within [`WRITING_WINDOW`]; each is mailed to whoever
/// made the link.
const WRITINGS_MAX: u64 = 30;
/// The window of [`WRITINGS_MAX`].
const WRITING_WINDOW: SignedDuration = SignedDuration::from_hours(1);

impl Cx<Guest> {
    /// What the guest sees of the thread, newest first, at most `limit` behind `after`; and behind
    /// which entry the rest begins, if there may be more. A page may be short and yet go on.
    ///
    /// # Errors
    /// As [`Cx::allow`], or the table's.
    pub async fn thread(
        &self,
        after: Option<EventId>,
        limit: usize,
    ) -> Result<(Vec<Event>, Option<EventId>), Problem> {
        self.allow(Action::DocumentView)?;
        let store = self.store();
        let (mut found, mut after, mut looked_at) = (Vec::new(), after, 0);
        while looked_at < LOOKED_AT_MAX {
            let document = self.who.document().id;
            let events = store.events_of(document, after, LOOKED_AT_ONCE).await?;
            let is_last = events.len() < LOOKED_AT_ONCE;
            looked_at += events.len();
            after = events.last().map(|event| event.id).or(after);
            found.extend(events.into_iter().filter(|event| self.who.sees(event)));
            if limit < found.len() {
                found.truncate(limit);
                let next = found.last().map(|event| event.id);
                return Ok((found, next));
            }
            if is_last {
                return Ok((found, None));
            }
        }
        Ok((found, after))
    }

    /// Adds to `change` what the guest says to the company, and the mail that tells of it.
    ///
    /// # Errors
    /// As [`Cx::allow`], [`Kind::TooMany`], or the table's.
    pub async fn write_to_sender(&self, change: &mut Change, text: Note) -> Result<Event, Problem> {
        self.allow(Action::DocumentWrite)?;
        let author = self.who.speaks_for().ok_or_else(super::code_required)?;
        self.count_writing(author).await?;
        let event = self.entry_of(&self.who, author, EventKind::Message, Some(text));
        self.add_event(change, &event)?;
        self.tell_sender(change, &self.who, &event)?;
        Ok(event)
    }

    /// Counts something that `author` adds to the thread, and refuses it once it is too much.
    pub(super) async fn count_writing(&self, author: &Contact) -> Result<(), Problem> {
        let (link, author) = (self.who.seen.link.id.to_string(), author.id.to_string());
        let whose = self.house.keys.blind(&["writings", &link, &author]);
        let table = &self.house.table;
        let count = table.count_public("write", &whose, WRITING_WINDOW, self.now).await?;
        if count <= WRITINGS_MAX {
            return Ok(());
        }
        let window = WRITING_WINDOW.as_secs();
        let left = window - self.now.as_second().rem_euclid(window);
        let detail = "You wrote very often within an hour. Wait a little, then try again.";
        Err(Problem::new(Kind::TooMany, detail).after(u64::try_from(left).unwrap_or(1)))
    }

    /// A new entry of `author`, to be seen by them and the company.
    pub(super) fn entry_of(
        &self,
        guest: &Guest,
        author: &Contact,
        kind: EventKind,
        text: Option<Note>,
    ) -> Event {
        Event {
            contact_ids: vec![author.id],
            link_id: Some(guest.seen.link.id),
            text,
            ..self.new_event(guest.document().id, kind)
        }
    }

    /// Owes whoever made the link a mail that tells of `event`.
    pub(super) fn tell_sender(
        &self,
        change: &mut Change,
        guest: &Guest,
        event: &Event,
    ) -> Result<(), StoreError> {
        let purpose = Purpose::GuestActed {
            member_id: guest.seen.link.maker_id,
            document_id: event.document_id,
            event_id: event.id,
            kind: event.kind,
        };
        change.owe(&Mail::new(purpose, self.now, self.now + NOTICE_LIFE))
    }
}

impl Guest {
    /// Whether `event` is the guest's to see. A colleague sees what the link's own contact would.
    pub(super) fn sees(&self, event: &Event) -> bool {
        let seen = &self.seen;
        let sees_as = self.sees_as().map(|contact| contact.id);
        let is_hidden = sees_as.is_some()
            && seen.grant.as_ref().is_some_and(|grant| grant.hides(Object::Event(event.id)));
        event.is_seen_by(sees_as, seen.link.id) && !is_hidden
    }
}
