//! The thread of a document: entries that anybody writes, and whom staff may write to.
//!
//! An entry and the mails that tell of it commit together. What was said lies in the entry alone;
//! the trail says that something was said, to whom and by whom.

use std::collections::{BTreeMap, BTreeSet};

use domain::activity::{Activity, Actor, Detail, Object};
use domain::contact::Contact;
use domain::document::{ChildOf, Document, File, FileKind, FileState};
use domain::event::{CONTACTS_MAX, Event, FILES_MAX, Kind as EventKind};
use domain::id::{ContactId, DocumentId, FileId, LinkId, MemberId};
use domain::link::{Audience, Right};
use domain::member::Member;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::text::Note;
use policy::trust::Action;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::{Store, StoreError};

use crate::callers::staff::Staff;
use crate::exchange::cx::{Allowed, Cx, Principal};
use crate::exchange::problem::{Kind, Problem};
use crate::linking::SENDING_LIFE;

/// What staff want to say.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whether they ask for files.
    pub asks_for_files: bool,
    /// The words.
    pub text: Note,
    /// On which guest link, to everybody on it.
    pub link_id: Option<LinkId>,
    /// To which contacts.
    pub contact_ids: Vec<ContactId>,
    /// With which files of the document.
    pub file_ids: Vec<FileId>,
}

/// Everything that entries of a thread name, so that they can be shown in words.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    /// Members who wrote.
    pub members: BTreeMap<MemberId, Member>,
    /// Contacts who wrote or take part.
    pub contacts: BTreeMap<ContactId, Contact>,
    /// Files that are carried and can be read.
    pub files: BTreeMap<FileId, File>,
}

impl<P: Principal> Cx<P> {
    /// A new entry of a document's thread, of whoever asks.
    pub fn new_event(&self, document_id: DocumentId, kind: EventKind) -> Event {
        Event {
            id: self.new_id(),
            version: 1,
            document_id,
            kind,
            author: self.who.actor(),
            contact_ids: Vec::new(),
            link_id: None,
            text: None,
            file_ids: Vec::new(),
            created_at: self.now,
        }
    }

    /// Adds an entry to `change`, and the line that says so.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`store::change::Claim::Version`].
    pub fn add_event(&self, change: &mut Change, event: &Event) -> Result<(), StoreError> {
        change.save_event(event)?;
        let detail = json!({
            "kind": event.kind,
            "link_id": event.link_id,
            "contact_ids": event.contact_ids,
            "file_ids": event.file_ids,
        });
        let about = Some(Object::Document(event.document_id));
        let (line, actor) =
            (self.line(event.id, event.version, Detail::Plain(detail)), event.author);
        change.audit(Home::Document(event.document_id), &Activity { about, actor, ..line })
    }

    /// Whom and what `events` name, read in one batch for each kind.
    ///
    /// # Errors
    /// The table's.
    pub async fn cast_of(
        &self,
        store: &Store,
        document: DocumentId,
        events: &[Event],
    ) -> Result<Cast, StoreError> {
        let (mut members, mut contacts) = (BTreeSet::new(), BTreeSet::new());
        for event in events {
            match event.author {
                Actor::Member(id) => drop(members.insert(id)),
                Actor::Contact(id) => drop(contacts.insert(id)),
                Actor::Anyone | Actor::System | Actor::Operator => {}
            }
            contacts.extend(event.contact_ids.iter().copied());
        }
        let members = store.members_of(&Vec::from_iter(members)).await?;
        let contacts = store.contacts_of(&Vec::from_iter(contacts)).await?;
        let files = if events.iter().any(|event| !event.file_ids.is_empty()) {
            store.files(document).await?
        } else {
            Vec::new()
        };
        let readable = files.into_iter().filter(|file| file.state == FileState::Published);
        Ok(Cast {
            members: members.into_iter().map(|member| (member.id, member)).collect(),
            contacts: contacts.into_iter().map(|contact| (contact.id, contact)).collect(),
            files: readable.map(|file| (file.id, file)).collect(),
        })
    }
}

impl Cx<Staff> {
    /// Adds to `change` what a member says in the thread of `document`, and the mails that tell of
    /// it to whom it names.
    ///
    /// # Errors
    /// [`Kind::BadInput`] for whoever the document is not open to, and for a file that is not the
    /// document's, or the table's.
    pub async fn write_in_thread(
        &self,
        change: &mut Change,
        document: &Document,
        wanted: Wanted,
    ) -> Result<Event, Problem> {
        let contact_ids = match &document.child_of {
            Some(child) => {
                let contact = only_of(child, &wanted)?;
                self.open_to_all(child.document_id, "/contact_ids", &[contact]).await?
            }
            None => self.written_to(document, &wanted).await?,
        };
        self.require_files(document, &wanted.file_ids).await?;
        if wanted.asks_for_files {
            self.require_writers(document, &wanted, &contact_ids).await?;
        }
        let Wanted { asks_for_files, text, link_id, file_ids, .. } = wanted;
        let kind = if asks_for_files { EventKind::FileRequest } else { EventKind::Message };
        let event = Event {
            contact_ids,
            link_id,
            text: Some(text),
            file_ids,
            ..self.new_event(document.id, kind)
        };
        self.add_event(change, &event)?;
        for contact in &event.contact_ids {
            let purpose = Purpose::ThreadMessage {
                contact_id: *contact,
                document_id: document.id,
                link_id,
                event_id: event.id,
            };
            change.owe(&Mail::new(purpose, self.now, self.now + SENDING_LIFE))?;
        }
        Ok(event)
    }

    /// Refuses a request for files of whom no guest link lets write, and so send some.
    async fn require_writers(
        &self,
        document: &Document,
        wanted: &Wanted,
        contacts: &[ContactId],
    ) -> Result<(), Problem> {
        let detail = "no guest link lets them send files; make one with the right `write` first";
        if let (Some(id), []) = (wanted.link_id, contacts) {
            let link = self.store().link(document.id, id).await?;
            let may_write = link.is_some_and(|link| link.rights.allows(Right::Write));
            return if may_write { Ok(()) } else { Err(Problem::bad_input("/link_id", detail)) };
        }
        if let Some(child) = &document.child_of {
            let link = self.store().link(child.document_id, child.link_id).await?;
            let may_write = link.is_some_and(|link| link.rights.allows(Right::Write));
            return if may_write { Ok(()) } else { Err(Problem::bad_input("/kind", detail)) };
        }
        let asked = contacts.iter().copied().enumerate().collect();
        let doors = self.doors(document.id, Right::Write, asked).await?;
        let Some((_, missing)) = doors.missing.first() else { return Ok(()) };
        let place = wanted.contact_ids.iter().position(|id| id == missing);
        let pointer = place.map(|place| format!("/contact_ids/{place}"));
        Err(Problem::bad_input(pointer.unwrap_or_else(|| "/link_id".to_owned()), detail))
    }

    /// Whom an entry names: the contact of its link, or those that were chosen.
    async fn written_to(
        &self,
        document: &Document,
        wanted: &Wanted,
    ) -> Result<Vec<ContactId>, Problem> {
        match (wanted.link_id, wanted.contact_ids.as_slice()) {
            (Some(id), []) => {
                let seen = self.link(id, Action::LinkEdit).await.map(Allowed::into_inner);
                let seen = seen.map_err(|problem| match problem.kind {
                    Kind::NotFound => no_such("/link_id", id),
                    _ => problem,
                })?;
                if seen.link.document_id != document.id {
                    return Err(no_such("/link_id", id));
                }
                if seen.link.audience == Audience::PublicChild {
                    let detail = "each guest of this link has a document of their own; write there";
                    return Err(Problem::bad_input("/link_id", detail));
                }
                match seen.link.contact_id {
                    Some(contact) => self.open_to_all(document.id, "/link_id", &[contact]).await,
                    None => Ok(Vec::new()),
                }
            }
            (None, []) => {
                Err(Problem::bad_input("/contact_ids", "say to whom: contacts, or a guest link"))
            }
            (None, chosen) if CONTACTS_MAX < chosen.len() => {
                let detail = format!("name at most {CONTACTS_MAX} contacts");
                Err(Problem::bad_input("/contact_ids", detail))
            }
            (None, chosen) => self.open_to_all(document.id, "/contact_ids", chosen).await,
            (Some(_), [_, ..]) => {
                Err(Problem::bad_input("/contact_ids", "name contacts or a guest link, not both"))
            }
        }
    }

    /// The contacts of `chosen`, each once, if the document is open to all of them. Whoever may say
    /// who reads the document learns no more than that here.
    async fn open_to_all(
        &self,
        document: DocumentId,
        field: &str,
        chosen: &[ContactId],
    ) -> Result<Vec<ContactId>, Problem> {
        let mut named = BTreeSet::new();
        for (place, id) in chosen.iter().enumerate() {
            if !self.is_open_to(*id, document).await? {
                let detail =
                    format!("the document is not open to `{id}`; share it with them first");
                let is_list = field == "/contact_ids";
                let pointer = if is_list { format!("{field}/{place}") } else { field.to_owned() };
                return Err(Problem::bad_input(pointer, detail));
            }
            named.insert(*id);
        }
        Ok(named.into_iter().collect())
    }

    /// Refuses files that are not published files of the document; what one guest sent is passed on
    /// to nobody.
    async fn require_files(&self, document: &Document, wanted: &[FileId]) -> Result<(), Problem> {
        if FILES_MAX < wanted.len() {
            let detail = format!("name at most {FILES_MAX} files");
            return Err(Problem::bad_input("/file_ids", detail));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let files = self.store().files(document.id).await?;
        let is_there = |id: &FileId| {
            let is_shown =
                |file: &File| file.state == FileState::Published && file.kind != FileKind::Sent;
            files.iter().any(|file| file.id == *id && is_shown(file))
        };
        match wanted.iter().position(|id| !is_there(id)) {
            None => Ok(()),
            Some(place) => {
                let detail = "not a published file of this document";
                Err(Problem::bad_input(format!("/file_ids/{place}"), detail))
            }
        }
    }
}

/// Whom an entry of a child's thread names: its guest, whoever else is named.
fn only_of(child: &ChildOf, wanted: &Wanted) -> Result<ContactId, Problem> {
    let is_theirs = wanted.contact_ids.iter().all(|id| *id == child.contact_id);
    if wanted.link_id.is_some() || !is_theirs {
        let detail = "the document is one guest's own: leave out whom it is written to";
        return Err(Problem::bad_input("/contact_ids", detail));
    }
    Ok(child.contact_id)
}

fn no_such(pointer: &str, id: LinkId) -> Problem {
    Problem::bad_input(pointer, format!("there is no `{id}`"))
}
