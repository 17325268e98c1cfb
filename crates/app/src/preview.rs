//! Previews: what an action would do, and who would be mailed, computed by the code that does it.
//!
//! Under `?preview=true` a handler runs as always, but its change is only rehearsed. What the change
//! would save is laid over what is there ([`scene`]), what the rules draw from it is drawn by the
//! same functions that draw it afterwards ([`follow`]), and both pictures are compared
//! ([`compare`]). Nothing is written.

mod compare;
mod eyes;
mod follow;
mod links;
mod scene;

use axum::response::{IntoResponse, Response};
use domain::access::is_shut_out;
use domain::activity::Object;
use domain::member::Member;
use domain::outbox::Mail;
use jiff::Timestamp;
use policy::trust::Resource;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use store::Store;
use store::saved::Saved;

use crate::answer::{Answer, Found, Parts};
use crate::cx::{Cx, Principal};
use crate::openapi::{Need, Operation, Spec};
use crate::preview::compare::compare;
pub use crate::preview::compare::{Change, Effect};
use crate::preview::eyes::Eyes;
use crate::preview::follow::follow;
use crate::preview::scene::Scene;
use crate::problem::{Kind, Problem, Replay};

/// Contacts that one preview looks at; what follows for others is told as a number of none.
pub const CONTACTS_MAX: usize = 200;

/// What an action would do. Nothing was done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Preview {
    /// What would change, each with a sentence.
    pub effects: Vec<Effect>,
    /// The mails that would leave.
    pub mails: Vec<WouldMail>,
    /// How many more effects and mails there would be, about what the caller may not see.
    pub hidden: usize,
    /// Whether this is all: `false` if more than 200 contacts are concerned, of whom the first are
    /// told.
    pub complete: bool,
}

/// A mail that would leave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct WouldMail {
    /// Why: `magic_link`, `shared`, `rejected` and so on.
    pub purpose: &'static str,
    /// The contact or member it would go to.
    pub to: Object,
    /// How they are called.
    pub name: String,
}

impl<P: Principal> Cx<P> {
    /// Ends the request with what `saved` comes to.
    pub(crate) async fn previewed(&self, saved: Vec<Saved>) -> Problem {
        let Some(tenant) = self.who.tenant() else { return Problem::not_found() };
        match self.preview(&self.store_of(tenant), saved).await {
            Ok(preview) => {
                let parts = Found::new(preview).parts();
                let replay = Some(Replay::Preview(Box::new(parts)));
                Problem { replay, ..Problem::new(Kind::Busy, "previewed") }
            }
            Err(problem) => problem,
        }
    }

    async fn preview(&self, store: &Store, saved: Vec<Saved>) -> Result<Preview, Problem> {
        let before = Scene::around(store, &saved).await?;
        let mut after = before.clone();
        let mut mails = after.lay(&saved);
        mails.extend(follow(&self.house, store, &before, &mut after, self.now).await?);
        let mut mails = would_leave(store, &after, &mails, self.now).await?;
        let mut effects = compare(&before, &after, self.now);
        let all = effects.len() + mails.len();
        let may = |action, resource: &Resource| self.who.may(action, resource);
        let eyes = Eyes { before: &before, after: &after, may: &may };
        effects.retain(|effect| eyes.see(&effect.change));
        mails.retain(|mail| eyes.see_mail_to(mail.to));
        let hidden = all - effects.len() - mails.len();
        Ok(Preview { effects, mails, hidden, complete: before.complete })
    }
}

/// Marks the answer that is a preview.
#[derive(Clone, Copy, Debug)]
struct Marked;

/// Whether `response` is a preview.
pub(crate) fn is_preview(response: &Response) -> bool {
    response.extensions().get::<Marked>().is_some()
}

/// The preview of an action that finds nothing to do.
pub(crate) fn nothing_would_happen() -> Response {
    let (effects, mails) = (Vec::new(), Vec::new());
    Found::new(Preview { effects, mails, hidden: 0, complete: true }).into_response()
}

/// `parts` as the answer that is a preview.
pub(crate) fn marked(parts: Parts) -> Response {
    let mut response = parts.into_response();
    response.extensions_mut().insert(Marked);
    response
}

/// Describes `?preview=true` and what it answers.
pub(crate) fn describe(spec: &mut Spec, operation: &mut Operation) {
    let schema = json!({
        "type": "boolean",
        "default": false,
        "description": "With `true`, answers 200 with what would happen and who would be mailed, \
                        and does nothing.",
    });
    operation.parameter("query", "preview", Need::Optional, &schema);
    operation.preview(spec.output.subschema_for::<Preview>().to_value());
}

/// The mails that would leave: not to whoever is suspended by then, has no address, or is closed
/// to us.
async fn would_leave(
    store: &Store,
    after: &Scene,
    mails: &[Mail],
    now: Timestamp,
) -> Result<Vec<WouldMail>, Problem> {
    let mut leave = Vec::new();
    for mail in mails.iter().filter(|mail| now < mail.expires_at) {
        let Some(to) = mail.purpose.addressee() else { continue };
        let (name, email) = match to {
            Object::Contact(id) => {
                let Some(folder) = after.folders.get(&id) else { continue };
                let account = after.account_of(&folder.contact);
                if is_shut_out(&folder.contact, account) {
                    continue;
                }
                (folder.contact.full_name(), folder.contact.email.clone())
            }
            Object::Member(id) => {
                let member = match after.members.get(&id) {
                    Some(member) => Some(member.clone()),
                    None => store.member(id).await?,
                };
                let Some(member) = member.filter(Member::is_kept) else { continue };
                (member.name.to_string(), Some(member.email))
            }
            _ => continue,
        };
        let Some(email) = email else { continue };
        if store.suppression(&email).await?.is_none() {
            leave.push(WouldMail { purpose: mail.purpose.as_str(), to, name });
        }
    }
    leave.sort_unstable();
    Ok(leave)
}
