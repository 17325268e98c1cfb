//! Access requests. A request lies with its contact; a locator finds it by its id alone.

use domain::contact::Contact;
use domain::id::{ContactId, Id, RequestId};
use domain::request::Request;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::Keys;
use crate::lists::{List, RequestRow};
use crate::saved::Saved;
use crate::{Store, StoreError};

#[derive(Serialize, Deserialize)]
struct Locator {
    contact_id: ContactId,
}

impl RequestRow {
    /// The row of `request`, made by `contact`.
    #[must_use]
    pub fn new(request: &Request, contact: &Contact) -> Self {
        Self {
            id: request.id,
            contact_id: contact.id,
            contact_name: contact.full_name(),
            company: request.company.clone(),
            documents: request.items.len(),
            status: request.status,
            created_at: request.created_at,
            source_version: request.version,
        }
    }
}

impl Store {
    /// Whose request this is.
    ///
    /// # Errors
    /// As every read.
    pub async fn contact_of_request(&self, id: RequestId) -> Result<Option<ContactId>, StoreError> {
        let key = Keys(self.tenant).request_locator(id);
        let locator: Option<Locator> = self.table.get_as("find a request", &key).await?;
        Ok(locator.map(|locator| locator.contact_id))
    }

    /// One request of a contact.
    ///
    /// # Errors
    /// As every read.
    pub async fn request(
        &self,
        contact: ContactId,
        id: RequestId,
    ) -> Result<Option<Request>, StoreError> {
        self.table.get_as("read a request", &Keys(self.tenant).request(contact, id)).await
    }
}

impl Change {
    /// Makes a request: the item, its locator, its row in the queue.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`] and [`Claim::New`].
    pub fn create_request(
        &mut self,
        request: &Request,
        contact: &Contact,
    ) -> Result<(), StoreError> {
        self.save_request(request)?;
        let locator = Locator { contact_id: contact.id };
        self.put_new(Claim::New, Row::new(&self.keys.request_locator(request.id), &locator)?)?;
        self.put_row(List::Requests, &RequestRow::new(request, contact))
    }

    /// Saves a request in place of the version before; its row follows off the stream.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_request(&mut self, request: &Request) -> Result<(), StoreError> {
        self.note(|| Saved::Request(Box::new(request.clone())));
        let row = Row::new(&self.keys.request(request.contact_id, request.id), request)?
            .due(request.patient_until(), request.id.ulid());
        self.put_version(Claim::Version, row, request.version)
    }
}
