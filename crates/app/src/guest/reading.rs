//! What a guest reads of the link's document. That they did is recorded before anything is served.

use domain::activity::{Activity, Actor, Detail, Object};
use domain::document::{File, FileKind, FileState};
use domain::id::{ActivityId, FileId};
use policy::trust::Action;
use serde_json::{Value, json};
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use super::{Comer, Guest};
use crate::exchange::answer::{Answer, Done, Found};
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::exchange::reissue::Reissue;
use crate::exchange::repeat::{AddressView, Kept};
use crate::library::pages::{Form, Wanted, Who, page_view};

/// Looks at a browser's count at the most; each look after the first means that the same browser
/// was counted meanwhile.
const LOOKS_MAX: u32 = 16;

/// Adds to `change` line `seq` of the browser of `guest`, which it wrote itself. Lines of whoever
/// proved to be somebody lie with that contact, those of who only bears the link with the document.
pub(super) fn record(
    change: &mut Change,
    guest: &Guest,
    seq: u64,
    line: Activity,
) -> Result<(), StoreError> {
    let Comer::Browser { browser, sha, .. } = &guest.comer else { return Ok(()) };
    let document = guest.document().id;
    let (home, actor) = match browser.contact_id {
        Some(contact) => (Home::Contact(contact), Actor::Contact(contact)),
        None => (Home::Document(document), Actor::Anyone),
    };
    let mut line = Activity { actor, about: Some(Object::Document(document)), ..line };
    line.origin.device_id = Some(browser.id);
    change.count_guest_view(browser, sha, seq)?;
    change.audit(home, &line)
}

impl Cx<Guest> {
    /// Records that the guest sees the page of the link.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::Busy`], as [`Cx::allow`], or the table's.
    pub async fn record_opening(&self) -> Result<(), Problem> {
        self.allow(Action::DocumentView)?;
        self.recorded(&Value::Null, &Found::new(json!({}))).await
    }

    /// A published file of the link's document, as it may be downloaded.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`], or as [`Cx::allow`], or the table's.
    pub async fn hand_out_file(&self, id: FileId) -> Result<Found<AddressView>, Problem> {
        let file = self.file(id).await?;
        self.allow(Action::DocumentDownload)?;
        let signed_at = files::wall_clock();
        let tenant = self.who.seen.tenant.id;
        let reissue = Reissue::Download { tenant, file: Box::new(file.clone()), signed_at };
        let kept = Kept { answer: Found::new(json!({})), reissue };
        self.recorded(&json!({ "file_id": file.id, "name": file.name }), &kept).await?;
        let address = self.house.files.download(tenant, &file, signed_at).await?;
        Ok(Found::new(AddressView::from(address)))
    }

    /// The address that shows one page of a file for a minute: as it was drawn to who may take the
    /// file away, under a mark that names them to everybody else.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::PageNotReady`],
    /// [`crate::exchange::problem::Kind::NotFound`], or as [`Cx::allow`], or the table's.
    pub async fn page_of_file(
        &self,
        id: FileId,
        wanted: Wanted,
    ) -> Result<Found<AddressView>, Problem> {
        let file = self.file(id).await?;
        self.recorded(&page_view(&file, wanted)?, &Done).await?;
        self.shown_page(&self.store(), &file, wanted, self.form()).await
    }

    /// In what form the guest gets pages.
    fn form(&self) -> Form {
        if self.allow(Action::DocumentDownload).is_ok() {
            return Form::Clean;
        }
        let seen = &self.who.seen;
        let email = seen.contact.as_ref().and_then(|contact| contact.email.as_ref());
        let name = match (&self.who.comer, email) {
            (Comer::Browser { browser, .. }, Some(email)) if browser.contact_id.is_some() => {
                email.to_string()
            }
            (Comer::Browser { .. }, _) => {
                format!("guest link {}, {}", seen.link.id, self.visit.network.as_str())
            }
            (Comer::Member(member), _) => member.email.to_string(),
        };
        Form::Marked(Who::new(&name))
    }

    /// A published file of the link's document that the guest may look at.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`], or as [`Cx::allow`], or the table's.
    pub async fn file(&self, id: FileId) -> Result<File, Problem> {
        self.allow(Action::DocumentView)?;
        let file = self.store().file(self.who.document().id, id).await?;
        let hides = |file: &File| {
            self.who.seen.grant.as_ref().is_some_and(|grant| grant.hides(Object::File(file.id)))
        };
        let readable = file.filter(|file| file.state == FileState::Published && !hides(file));
        let file = readable.ok_or_else(Problem::not_found)?;
        let is_theirs = match file.kind {
            FileKind::Version => true,
            FileKind::Certificate => self.signing().await?.is_party(),
            FileKind::Sent => {
                let sees_as = self.who.sees_as().map(|contact| contact.id);
                file.sent.is_some_and(|sent| sees_as == Some(sent.contact_id))
            }
        };
        if is_theirs { Ok(file) } else { Err(Problem::not_found()) }
    }

    /// Records what the guest does, with `values`, and keeps `answer` for a repeat.
    async fn recorded<A: Answer>(&self, values: &Value, answer: &A) -> Result<(), Problem> {
        let store = self.store();
        let detail = if values.is_null() { Detail::None } else { Detail::Plain(values.clone()) };
        let mut again: Option<u64> = None;
        for _ in 0..LOOKS_MAX {
            let mut change = self.change(&store);
            match &self.who.comer {
                Comer::Browser { browser, views, .. } => {
                    let seq = again.unwrap_or(*views) + 1;
                    let line = self.line(Object::Device(browser.id), seq, detail.clone());
                    record(&mut change, &self.who, seq, line)?;
                }
                // A colleague's looks stand for themselves, as those of anybody do.
                Comer::Member(_) => {
                    let alone: ActivityId = self.new_id();
                    let line = self.line(Object::Activity(alone), 1, detail.clone());
                    let document = self.who.document().id;
                    let line = Activity { about: Some(Object::Document(document)), ..line };
                    change.audit(Home::Document(document), &line)?;
                }
            }
            if self.try_commit(change, answer).await?.is_ok() {
                return Ok(());
            }
            if let Comer::Browser { browser, sha, .. } = &self.who.comer {
                let views = store.guest_views(browser.link_id, sha).await?;
                // Another browser was let in under the same cookie, and this one is known no more.
                let views = views.filter(|views| views.device_id == browser.id);
                again = Some(views.ok_or_else(super::code_required)?.version);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}
