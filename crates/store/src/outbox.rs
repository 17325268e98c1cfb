//! The outbox: mails that are owed, what became of them, and addresses that are closed to us.

use domain::activity::Object;
use domain::email::Email;
use domain::id::{Id, MailId};
use domain::outbox::{KEPT, Mail, Suppression};
use jiff::Timestamp;

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::{self, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError};

impl Store {
    /// One mail.
    ///
    /// # Errors
    /// As every read.
    pub async fn mail(&self, id: MailId) -> Result<Option<Mail>, StoreError> {
        self.table.get_as("read a mail", &Keys(self.tenant).outbox(id)).await
    }

    /// The mails to a contact or member, newest first, at most `limit` behind `cursor`. They are
    /// found through an index that may lag by seconds, and read as they are now.
    ///
    /// # Errors
    /// As every read.
    pub async fn mails_to(
        &self,
        addressee: Object,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Mail>, StoreError> {
        let query = Query {
            doing: "list mails",
            index: Index::Inverse,
            partition: Keys(self.tenant).about(addressee),
            span: Span::prefix("mail#").after(cursor, Order::Descending),
            order: Order::Descending,
            limit,
        };
        let mut mails: Vec<Mail> = self.table.find_as(&query, "read mails").await?;
        mails.sort_by_key(|mail| std::cmp::Reverse((mail.created_at, mail.id)));
        Ok(mails)
    }

    /// Whether and why mail to `email` has stopped.
    ///
    /// # Errors
    /// As every read.
    pub async fn suppression(&self, email: &Email) -> Result<Option<Suppression>, StoreError> {
        let newest = self.newest_suppression(email).await?;
        Ok(newest.filter(|suppression| suppression.lifted_at.is_none()))
    }

    /// Why mail to `email` was stopped last, whether or not it was let through since.
    ///
    /// # Errors
    /// As every read.
    pub async fn newest_suppression(
        &self,
        email: &Email,
    ) -> Result<Option<Suppression>, StoreError> {
        self.table.get_as("read a suppression", &Keys(self.tenant).suppression(email)).await
    }
}

/// Where the page of mails that ends with `mail` continues.
#[must_use]
pub fn mail_cursor(mail: &Mail) -> String {
    keys::mail_about(mail.created_at, mail.id)
}

impl Change {
    /// Owes a mail, unless one was owed for the same cause.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Mail`].
    pub fn owe(&mut self, mail: &Mail) -> Result<(), StoreError> {
        self.note(|| Saved::Mail(Box::new(mail.clone())));
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

    /// Stops mail to `email`.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn suppress(&mut self, email: &Email, why: &Suppression) -> Result<(), StoreError> {
        self.put_over(Row::new(&self.keys.suppression(email), why)?)
    }

    /// Lets mail to `email` leave again, which `why` had stopped until `now`.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn lift_suppression(
        &mut self,
        email: &Email,
        why: &Suppression,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.suppress(email, &Suppression { lifted_at: Some(now), ..why.clone() })
    }

    fn mail_row(&self, mail: &Mail) -> Result<Row, StoreError> {
        let row = Row::new(&self.keys.outbox(mail.id), mail)?;
        let row = row.due(mail.is_owed().then_some(mail.due_at), mail.id.ulid());
        let row = match mail.purpose.addressee() {
            Some(addressee) => row.inverse(self.keys.about(addressee), mail_cursor(mail)),
            None => row,
        };
        Ok(match mail.settled_at {
            Some(at) => row.forget(at + KEPT),
            None => row,
        })
    }
}
