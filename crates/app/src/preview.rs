//! Previews: what an action would do, and who would be mailed, computed by the code that does it.
//!
//! Under `?preview=true` a handler runs as always, but its change is only rehearsed. What the
//! change would save is laid over what is there ([`scene`]), what the rules draw from it is drawn
//! by the same functions that draw it afterwards ([`follow`]), and both pictures are compared
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
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use crate::exchange::answer::Found;
use crate::exchange::problem::{Problem, Rehearsal};
use crate::house::House;
use crate::preview::compare::compare;
pub use crate::preview::compare::{Change, Effect};
use crate::preview::eyes::Eyes;
use crate::preview::follow::follow;
use crate::preview::scene::Scene;

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

/// The answer that tells what `rehearsal` comes to.
///
/// # Errors
/// The table's.
pub(crate) async fn told(house: &House, rehearsal: &Rehearsal) -> Result<Response, Problem> {
    let Rehearsal { tenant, eyes, saved, now } = rehearsal;
    let (store, now) = (house.table.tenant(*tenant), *now);
    let before = Scene::around(&store, saved).await?;
    let mut after = before.clone();
    let mut mails = after.lay(saved);
    mails.extend(follow(house, &store, &before, &mut after, now).await?);
    let mut mails = would_leave(&store, &after, &mails, now).await?;
    let mut effects = compare(&before, &after, now);
    let all = effects.len() + mails.len();
    let eyes = Eyes { before: &before, after: &after, who: eyes.as_ref() };
    effects.retain(|effect| eyes.see(&effect.change));
    mails.retain(|mail| eyes.see_mail_to(mail.to));
    let hidden = all - effects.len() - mails.len();
    let preview = Preview { effects, mails, hidden, complete: before.complete };
    Ok(Found::new(preview).into_response())
}

/// The preview of an action that finds nothing to do.
pub(crate) fn nothing_would_happen() -> Response {
    let (effects, mails) = (Vec::new(), Vec::new());
    Found::new(Preview { effects, mails, hidden: 0, complete: true }).into_response()
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
