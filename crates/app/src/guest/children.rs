//! A guest's own copy of a document, where a link gives one to each.
//!
//! It is made when they prove their address, with the version that is the newest then, and stays
//! theirs on whatever browser they prove themselves in later. Nobody but them and the sender's
//! people comes to see it.

use domain::activity::{Activity, Actor, Detail, Object};
use domain::contact::Contact;
use domain::document::{AccessLevel, ChildOf, Document, File};
use domain::event::{Event, Kind as EventKind};
use domain::grant::Grant;
use domain::id::DeviceId;
use domain::link::guest::Guest as Browser;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::children::Child;
use store::links::Linked;
use store::{Store, StoreError};

use super::binding::in_person;
use crate::callers::bearer::Bearer;
use crate::exchange::cx::Cx;
use crate::library::pages::draw_task;

impl Cx<Bearer> {
    /// Reads the own copy of whoever just verified, or adds to `change` that they get one. While
    /// nothing is published there is nothing to copy.
    pub(super) async fn own_copy(
        &self,
        store: &Store,
        change: &mut Change,
        seen: &mut Linked,
        (device, before): (DeviceId, Option<&Browser>),
    ) -> Result<(), StoreError> {
        let Some(contact) = seen.contact.clone() else { return Ok(()) };
        if let Some(known) = store.child(seen.link.id, contact.id).await? {
            let Some(child) = store.document(known.document_id).await? else { return Ok(()) };
            if store.signatures(child.id).await?.is_none() {
                self.ask_for_own(store, change, seen, (&child, &contact)).await?;
            }
            seen.child = Some(child);
            return Ok(());
        }
        let Some(published) = &seen.document.published else { return Ok(()) };
        let is_hidden = |grant: &Grant| grant.hides(Object::File(published.id));
        if seen.grant.as_ref().is_some_and(is_hidden) {
            return Ok(());
        }
        let Some(original) = store.file(seen.document.id, published.id).await? else {
            return Ok(());
        };
        let child = self.child_for(&contact, seen, &original);
        let row = Child {
            document_id: child.id,
            contact_id: contact.id,
            opened_at: before.map_or(self.now, |bearer| bearer.created_at),
            created_at: self.now,
        };
        change.put_child(seen.link.id, &row)?;
        change.check_document(&seen.document)?;
        self.share_object(change, &original)?;
        let file = self.file_of_child(change, &child, &original)?;
        change.save_document(&child)?;
        let detail = Detail::Plain(json!({ "child_of": child.child_of, "file_id": file.id }));
        let line = in_person(self.line(child.id, child.version, detail), &contact, device);
        change.audit(Home::Document(child.id), &line)?;
        self.begin_thread(store, change, seen, (&child, &contact)).await?;
        seen.child = Some(child);
        Ok(())
    }

    /// The copy of the link's document for `contact`, with what `original` holds.
    fn child_for(&self, contact: &Contact, seen: &Linked, original: &File) -> Document {
        let (id, parent) = (self.new_id(), &seen.document);
        let file = original.for_child(self.new_id(), id, self.now);
        Document {
            id,
            version: 1,
            title: parent.title.clone(),
            category: parent.category.clone(),
            // It is nobody else's, whoever may read what it was made from.
            access_level: match parent.access_level {
                AccessLevel::Public | AccessLevel::Restricted => AccessLevel::Restricted,
                AccessLevel::Nda => AccessLevel::Nda,
            },
            uploader_id: parent.uploader_id,
            published: Some(file.published(self.now)),
            child_of: Some(ChildOf {
                document_id: parent.id,
                link_id: seen.link.id,
                contact_id: contact.id,
            }),
            deleted_at: None,
            created_at: self.now,
        }
    }

    /// Adds to `change` that a file's bytes are a child's too, unless they are another's already.
    fn share_object(&self, change: &mut Change, original: &File) -> Result<(), StoreError> {
        if original.is_shared {
            return Ok(());
        }
        let shared = File { version: original.version + 1, is_shared: true, ..original.clone() };
        change.save_file(&shared)?;
        let detail = Detail::Plain(json!({ "is_shared": [false, true] }));
        let about = Some(Object::Document(shared.document_id));
        let line = self.line(shared.id, shared.version, detail);
        let line = Activity { actor: Actor::System, about, ..line };
        change.audit(Home::Document(shared.document_id), &line)
    }

    /// Adds to `change` the one file of a child.
    fn file_of_child(
        &self,
        change: &mut Change,
        child: &Document,
        original: &File,
    ) -> Result<File, StoreError> {
        let id = child.published.as_ref().map_or_else(|| self.new_id(), |file| file.id);
        let file = original.for_child(id, child.id, self.now);
        change.create_file(&file)?;
        let detail = Detail::Plain(json!({ "name": file.name, "sha256": file.sha256 }));
        let about = Some(Object::Document(child.id));
        let line = self.line(file.id, file.version, detail);
        let line = Activity { actor: Actor::System, about, ..line };
        change.audit(Home::Document(child.id), &line)?;
        if let Some(task) = draw_task(&self.house, &file, self.now) {
            change.start_task(&task)?;
        }
        Ok(file)
    }

    /// Adds to `change` what a child's thread begins with: that it was shared, and that it is to be
    /// signed if its document asks each guest for that.
    async fn begin_thread(
        &self,
        store: &Store,
        change: &mut Change,
        seen: &Linked,
        (child, contact): (&Document, &Contact),
    ) -> Result<(), StoreError> {
        self.add_event(change, &self.entry_for(child, contact, seen, EventKind::Share))?;
        self.ask_for_own(store, change, seen, (child, contact)).await
    }

    fn entry_for(
        &self,
        child: &Document,
        contact: &Contact,
        seen: &Linked,
        kind: EventKind,
    ) -> Event {
        Event {
            author: Actor::System,
            contact_ids: vec![contact.id],
            link_id: Some(seen.link.id),
            ..self.new_event(child.id, kind)
        }
    }

    /// Adds to `change` that a child is to be signed, if its document asks each guest for that.
    async fn ask_for_own(
        &self,
        store: &Store,
        change: &mut Change,
        seen: &Linked,
        (child, contact): (&Document, &Contact),
    ) -> Result<(), StoreError> {
        let block = store.signatures(seen.document.id).await?;
        let block = block.and_then(|block| block.of_copy(child.id, contact.id, self.now));
        if let Some(block) = block {
            change.save_signatures(&block)?;
            let text = block.message.clone();
            let entry = self.entry_for(child, contact, seen, EventKind::SignatureRequest);
            self.add_event(change, &Event { text, ..entry })?;
        }
        Ok(())
    }
}
