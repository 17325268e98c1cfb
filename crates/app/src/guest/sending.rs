//! A guest sends files that staff asked for. Staff see them in the thread and beside the document's
//! versions; of the guests nobody but their sender does.

use domain::activity::Actor;
use domain::document::{File, FileKind, FileState, SentBy};
use domain::event::{Event, Kind as EventKind};
use domain::id::{EventId, FileId};
use files::Upload;
use jiff::SignedDuration;
use policy::trust::Action;
use serde::Serialize;
use store::StoreError;
use store::documents::{SENT_FILES_MAX, SENT_ITEMS_MAX};

use super::Guest;
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::library::uploading::{Announcement, Look};

/// Longest file that a guest sends: 100 MiB.
pub const SENT_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// Files that one contact announces in answer to one request, those that never came included,
/// within [`SENT_WINDOW`].
const SENT_TO_ONE_MAX: u64 = 20;
/// Files that all guests of one link announce within [`LINK_WINDOW`].
const SENT_ON_LINK_MAX: u64 = 100;
/// The window of [`SENT_TO_ONE_MAX`].
const SENT_WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The window of [`SENT_ON_LINK_MAX`].
const LINK_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// Files that are on their way by one link at once: each has room reserved for it.
const ON_THEIR_WAY_MAX: usize = 20;
/// Looks at a file at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 8;

impl Cx<Guest> {
    /// Announces a file in answer to `request`, an entry of the thread; `view` is what the answer
    /// shows of it, and where it is found.
    ///
    /// # Errors
    /// [`Kind::BadInput`] for an entry that asks the guest for nothing, [`Kind::WrongState`] once
    /// enough was sent, [`Kind::QuotaFull`], [`Kind::TooMany`], as [`Cx::allow`], or the table's.
    pub async fn announce_sent<V: Serialize>(
        &self,
        request: EventId,
        announced: Announcement,
        view: impl Fn(&File) -> (V, String),
    ) -> Result<(File, Upload), Problem> {
        self.allow(Action::DocumentWrite)?;
        let sender = self.who.speaks_for().ok_or_else(super::code_required)?.clone();
        self.count_writing(&sender).await?;
        let (store, document) = (self.store(), self.who.document().id);
        let request = self.asked_for_files(request).await?;
        let files = store.files(document).await?;
        let sent_by =
            SentBy { contact_id: sender.id, link_id: self.who.seen.link.id, event_id: request.id };
        require_room(&files, &sent_by)?;
        self.count_sent(&sent_by).await?;
        let asker = match request.author {
            Actor::Member(member) => member,
            _ => self.who.seen.link.maker_id,
        };
        let file = announced.file(self.new_id(), (document, asker), SENT_BYTES_MAX, self.now)?;
        let file = File { kind: FileKind::Sent, sent: Some(sent_by), ..file };
        let (shown, location) = view(&file);
        let tenant = &self.who.seen.tenant;
        let upload = self.announce((&store, tenant), &file, (&shown, &location)).await?;
        Ok((file, upload))
    }

    /// Counts another announcement, and refuses it once there were enough.
    async fn count_sent(&self, sent_by: &SentBy) -> Result<(), Problem> {
        let (keys, table) = (&self.house.keys, &self.house.table);
        let SentBy { contact_id, link_id, event_id } = sent_by;
        let on_link = keys.blind(&["sent on link", &link_id.to_string()]);
        let count = table.count_public("sent", &on_link, LINK_WINDOW, self.now).await?;
        if SENT_ON_LINK_MAX < count {
            return Err(full("The link takes no more files today. Try again tomorrow."));
        }
        let to_one = ["sent to one", &contact_id.to_string(), &event_id.to_string()];
        let to_one = keys.blind(&to_one);
        let count = table.count_public("sent", &to_one, SENT_WINDOW, self.now).await?;
        if SENT_TO_ONE_MAX < count {
            let detail = format!("You sent {SENT_TO_ONE_MAX} files, the most for one request.");
            return Err(full(&detail));
        }
        Ok(())
    }

    /// The entry `id` of the thread, if it asks the guest for files.
    async fn asked_for_files(&self, id: EventId) -> Result<Event, Problem> {
        let found = self.store().event(self.who.document().id, id).await?;
        let asks = |event: &Event| event.kind == EventKind::FileRequest && self.who.sees(event);
        found.filter(asks).ok_or_else(|| {
            Problem::bad_input("/event_id", "nobody asks you for files in that entry of the thread")
        })
    }

    /// Checks what the guest uploaded as `id` and hands it to the company, which is told.
    /// Completing what is complete changes nothing.
    ///
    /// # Errors
    /// [`Kind::UploadDiffers`], [`Kind::NotFound`] for what is not theirs, [`Kind::Busy`], as
    /// [`Cx::allow`], or the table's.
    pub async fn complete_sent<A: Answer>(
        &self,
        id: FileId,
        answer: impl Fn(&File) -> A,
    ) -> Result<A, Problem> {
        for look in 0..LOOKS_MAX {
            let guest = &*self.guest_at(look).await?;
            guest.require(Action::DocumentWrite)?;
            let file = self.own_sent(guest, id).await?;
            if file.state == FileState::Published {
                return Ok(answer(&file));
            }
            match self.look(guest, &file, &answer).await {
                Ok(Look::Published(answer)) => return Ok(answer),
                Ok(Look::Refused(problem)) => return Err(problem),
                Ok(Look::Again) => {}
                Err(problem) if problem.replay.is_some() => return Err(problem),
                // The bytes may be missing because another call has just put them in their place.
                Err(problem) => match self.own_sent(guest, id).await {
                    Ok(now) if now.version != file.version => {}
                    Ok(_) | Err(_) => return Err(problem),
                },
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// A file that the guest sends.
    async fn own_sent(&self, guest: &Guest, id: FileId) -> Result<File, Problem> {
        let sender = guest.speaks_for().ok_or_else(super::code_required)?;
        let file = self.store().file(guest.document().id, id).await?;
        let is_own = |file: &File| file.sent.is_some_and(|sent| sent.contact_id == sender.id);
        let file = file.filter(|file| is_own(file) && file.state != FileState::Deleted);
        file.ok_or_else(Problem::not_found)
    }

    async fn look<A: Answer>(
        &self,
        guest: &Guest,
        file: &File,
        answer: &impl Fn(&File) -> A,
    ) -> Result<Look<A>, Problem> {
        let (tenant, store) = (&guest.seen.tenant, self.store());
        let sender = guest.speaks_for().ok_or_else(super::code_required)?;
        if let Some(differs) = self.difference(tenant, file).await? {
            return self.throw_away(&store, file, differs).await;
        }
        let mut change = self.change(&store);
        let published = self.publish(&mut change, tenant, file).await?;
        let event = Event {
            file_ids: vec![file.id],
            ..self.entry_of(guest, sender, EventKind::Files, None)
        };
        self.add_event(&mut change, &event)?;
        self.tell_sender(&mut change, guest, &event)?;
        let answer = answer(&published);
        let ended = self.try_commit(change, answer).await?;
        self.published((&store, &published), ended).await
    }
}

/// Refuses another file once there are enough.
fn require_room(files: &[File], sent_by: &SentBy) -> Result<(), Problem> {
    let sent = files.iter().filter_map(|file| file.sent.map(|sent| (file.state, sent)));
    let sent: Vec<(FileState, SentBy)> = sent.collect();
    let there = sent.iter().filter(|(state, _)| *state != FileState::Deleted).count();
    if SENT_FILES_MAX <= there || SENT_ITEMS_MAX <= sent.len() {
        return Err(full("The document takes no more files. Write to whoever asked for them."));
    }
    let is_on_its_way = |(state, sent): &&(FileState, SentBy)| {
        *state == FileState::Uploading && sent.link_id == sent_by.link_id
    };
    if ON_THEIR_WAY_MAX <= sent.iter().filter(is_on_its_way).count() {
        return Err(full("Many files are on their way already. Try again once they have arrived."));
    }
    Ok(())
}

fn full(detail: &str) -> Problem {
    Problem::new(Kind::WrongState, detail)
}
