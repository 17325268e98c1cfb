//! The outbox: mails that are owed.

use domain::id::Id;
use domain::outbox::{KEPT, Mail};

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::{Key, Keys};
use crate::{Store, StoreError};

impl Store {
    /// The mail about `dedupe`.
    ///
    /// # Errors
    /// As every read.
    pub async fn mail(&self, dedupe: &str) -> Result<Option<Mail>, StoreError> {
        self.table.get_as("read a mail", &Keys(self.tenant).outbox(dedupe)).await
    }

    /// The mail at `key`.
    ///
    /// # Errors
    /// As every read.
    pub async fn mail_in(&self, key: &Key) -> Result<Option<Mail>, StoreError> {
        self.table.get_as("read a mail", key).await
    }
}

impl Change {
    /// Owes a mail, unless one was owed for the same cause.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Mail`].
    pub fn owe(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let row = self.mail_row(mail)?;
        self.put_new(Claim::Mail, row)
    }

    /// Saves a mail in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_mail(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let row = self.mail_row(mail)?;
        self.put_version(Claim::Version, row, mail.version)
    }

    fn mail_row(&self, mail: &Mail) -> Result<Row, StoreError> {
        let row = Row::new(&self.keys.outbox(&mail.dedupe), mail)?;
        let row = row.due(mail.is_owed().then_some(mail.due_at), mail.id.ulid());
        Ok(match mail.settled_at {
            Some(at) => row.forget(at + KEPT),
            None => row,
        })
    }
}
