//! The context of one request: when, who, from where, and what may be repeated.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::activity::{Activity, Actor, Detail, Object, Origin};
use domain::contact::Contact;
use domain::id::{DeviceId, Id, LinkId, TenantId};
use jiff::Timestamp;
use policy::trust::Principal as Eyes;
use store::change::{Change, Claim};
use store::idempotency::Repeat;
use store::saved::Saved;
use store::{Store, StoreError};

use crate::exchange::answer::Answer;
use crate::exchange::network::Network;
use crate::exchange::problem::{Kind, Problem, Rehearsal, Replay};
use crate::exchange::repeat::{self, Refused};
use crate::house::House;

/// Longest idempotency key.
pub const KEY_BYTES_MAX: usize = 64;

/// The context of one request of a caller proved as `P`.
#[derive(Debug)]
pub struct Cx<P> {
    /// What the process holds.
    pub house: Arc<House>,
    /// When the request came.
    pub now: Timestamp,
    /// Who makes it.
    pub who: P,
    /// How it came.
    pub visit: Arc<Visit>,
    /// The route's name, which is also the verb of its audit lines.
    pub route: &'static str,
    pub(crate) repeat: Option<Repeat>,
}

/// What a route is called and may be asked, left with the request for whoever writes the trail.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The route's name.
    pub name: &'static str,
    /// Whether it can tell what it would do.
    pub previews: Previews,
}

/// Whether a route can tell what it would do, without doing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Previews {
    /// Under `?preview=true`.
    Yes,
    /// It opens, closes and mails nothing worth telling before.
    No,
}

/// How a request came, apart from who makes it.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The request's id.
    pub id: String,
    /// From where.
    pub network: Network,
    /// Keyed hash of the network, for keys of the table.
    pub network_hash: String,
    /// What the browser calls itself.
    pub agent: Option<String>,
    /// Keyed hash of method, path, query and body.
    pub asked: String,
    /// Whether the method may change anything.
    pub mutates: bool,
    /// Whether the caller wants to know what would happen, and nothing to happen.
    pub previews: bool,
    /// The key under which the answer is to be kept.
    pub idempotency_key: Option<String>,
    /// Cookies, by name without prefix.
    pub cookies: Vec<(String, String)>,
    /// The company that the caller names to choose among several proofs.
    pub tenant: Option<TenantId>,
    /// The guest link whose page is asked, by the path.
    pub link: Option<LinkId>,
    /// Where the caller was told that the link lies.
    pub place: Option<String>,
}

/// When a repeat is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Before the handler: the caller is proved by then.
    AtTheDoor,
    /// By the handler, because the proof is in what it takes.
    ByTheHandler,
}

/// A kind of caller, and how it proves itself.
pub trait Principal: Sized + Send + Sync + 'static {
    /// When a repeat of this caller is answered.
    const HEARD: Heard = Heard::AtTheDoor;

    /// The security scheme of the API description; `None` for who needs no proof.
    const SECURITY: Option<&'static str>;

    /// Proves who makes the request.
    fn enter(
        house: &Arc<House>,
        visit: &Visit,
        now: Timestamp,
    ) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// How the trail names the caller.
    fn actor(&self) -> Actor;

    /// The company the caller acts in, once proved.
    fn tenant(&self) -> Option<TenantId>;

    /// The caller as a preview asks what they may see; who is no member sees nothing of the
    /// company's.
    fn eyes(&self) -> Option<Eyes> {
        None
    }

    /// The browser, where one was proved.
    fn device(&self) -> Option<DeviceId> {
        None
    }

    /// In whose name answers are kept for a repeat.
    fn repeats_as(&self, visit: &Visit) -> String;
}

impl Visit {
    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync, P: Principal> FromRequestParts<S> for Cx<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (house, visit) = (extension::<Arc<House>>(parts)?, extension::<Arc<Visit>>(parts)?);
        let Named { name: route, previews } = extension(parts)?;
        if visit.previews && previews == Previews::No {
            return Err(Problem::bad_input("preview", "this has no preview"));
        }
        let now = house.clock.now();
        let who = P::enter(&house, &visit, now).await?;
        let repeat =
            visit.idempotency_key.as_ref().filter(|_| visit.mutates && !visit.previews).map(
                |key| Repeat {
                    tenant: who.tenant(),
                    actor: who.repeats_as(&visit),
                    key: key.clone(),
                },
            );
        let cx = Self { house, now, who, visit, route, repeat };
        match P::HEARD {
            Heard::AtTheDoor => cx.answer_before().await?,
            Heard::ByTheHandler => {}
        }
        Ok(cx)
    }
}

/// What the reception left with the request.
fn extension<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Problem> {
    let left = parts.extensions.get::<T>().cloned();
    left.ok_or_else(|| Problem::new(Kind::Internal, "The server is not put together rightly."))
}

impl<P: Principal> Cx<P> {
    /// The store of the tenant `id`, which the caller proved or a public address names.
    #[must_use]
    pub fn store_of(&self, id: TenantId) -> Store {
        self.house.table.tenant(id)
    }

    /// A new id.
    #[must_use]
    pub fn new_id<I: Id>(&self) -> I {
        self.house.dice.id(self.now)
    }

    /// A change in `store`, to be committed once; only rehearsed, if the caller wants a preview.
    pub fn change(&self, store: &Store) -> Change {
        if self.visit.previews { store.rehearse() } else { store.change(self.house.dice.token()) }
    }

    /// A line of the trail: the caller did to `object` what the route's name says, and that is
    /// line `seq` of the object.
    pub fn line(&self, object: impl Into<Object>, seq: u64, detail: Detail) -> Activity {
        Activity {
            id: self.new_id(),
            actor: self.who.actor(),
            verb: self.route.to_owned(),
            object: object.into(),
            seq,
            about: None,
            detail,
            at: self.now,
            origin: self.origin(),
        }
    }

    /// From where the request came, for the trail.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            network: Some(self.visit.network.as_str().to_owned()),
            device_id: self.who.device(),
        }
    }

    /// Values about a person, readable only while the person's key stands.
    #[must_use]
    pub fn personal(&self, contact: &Contact, values: &serde_json::Value) -> Detail {
        crate::house::audit::personal(&self.house, contact, values)
    }

    /// Commits `change` with its answer. A repeat under the same key gets the same answer.
    ///
    /// # Errors
    /// Whatever the lost claims mean to the caller.
    pub async fn commit<A: Answer>(&self, change: Change, answer: A) -> Result<A, Problem> {
        let done = self.try_commit(change, answer).await?;
        done.map_err(|lost| StoreError::Lost(lost).into())
    }

    /// Commits `change` and gives its answer back; or the claims that were lost, to whoever can
    /// look again.
    ///
    /// # Errors
    /// The outer problem ends the request: the answer was given before, a preview was wanted, or
    /// the table failed.
    pub async fn try_commit<A: Answer>(
        &self,
        mut change: Change,
        answer: A,
    ) -> Result<Result<A, Vec<Claim>>, Problem> {
        if self.visit.previews {
            return Err(self.rehearsed(change.into_saved()));
        }
        if let Some(repeat) = &self.repeat {
            let kept = repeat::keep(&self.visit.asked, &answer.parts(), self.now);
            change.keep_answer(repeat, &kept)?;
        }
        match change.commit().await {
            Ok(()) => Ok(Ok(answer)),
            Err(StoreError::Lost(lost)) => {
                if lost.contains(&Claim::Idempotency) {
                    self.answer_before().await?;
                }
                Ok(Err(lost))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Ends the request with what would have been `saved`; the reception answers what that comes
    /// to.
    fn rehearsed(&self, saved: Vec<Saved>) -> Problem {
        let Some(tenant) = self.who.tenant() else { return Problem::not_found() };
        let rehearsal = Rehearsal { tenant, eyes: self.who.eyes(), saved, now: self.now };
        let replay = Some(Replay::Rehearsed(Box::new(rehearsal)));
        Problem { replay, ..Problem::new(Kind::Busy, "rehearsed") }
    }

    /// Ends the request with the answer given before under the same key, if there is one.
    pub(crate) async fn answer_before(&self) -> Result<(), Problem> {
        let Some(repeat) = &self.repeat else { return Ok(()) };
        let Some(kept) = self.house.table.answer(repeat, self.now).await? else { return Ok(()) };
        if kept.asked != self.visit.asked {
            return Err(Problem::new(
                Kind::KeyReused,
                "This Idempotency-Key was sent before with another request. Use a new one.",
            ));
        }
        let parts = repeat::answer_again(&self.house, kept).await?;
        let replay = Some(Replay::Before(Box::new(parts)));
        Err(Problem { replay, ..Problem::new(Kind::Busy, "answered before") })
    }

    /// Notes that a consequence could not be drawn at once. The worker draws it off the stream; the
    /// answer to what was done stands.
    pub fn soon(&self, drawn: Result<(), StoreError>) {
        if let Err(error) = drawn {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(request.id = self.visit.id, error, "left to the worker");
        }
    }

    /// `problem` as an answer, for a change that a refusal makes: a repeat is refused in the same
    /// words.
    #[must_use]
    pub fn refused(&self, problem: &Problem) -> Refused {
        Refused(problem.document(&self.visit.id))
    }
}

/// A thing, and the policies that opened it. Only reading it through [`Cx`] makes one.
#[derive(Clone, Debug)]
pub struct Allowed<T> {
    thing: T,
    /// Ids of the policies that allowed it.
    pub policies: Vec<&'static str>,
}

impl<T> Allowed<T> {
    pub(crate) fn new(thing: T, policies: Vec<&'static str>) -> Self {
        Self { thing, policies }
    }

    /// The thing itself.
    pub fn into_inner(self) -> T {
        self.thing
    }
}

impl<T> Deref for Allowed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.thing
    }
}

#[cfg(test)]
mod tests {
    use domain::member::Role;

    use super::*;
    use crate::callers::staff::Staff;
    use crate::exchange::answer::Done;
    use crate::fixtures::{NOW, contact, cx, id, staff, visit, visit_with};

    /// A member who wants to know what would happen.
    fn previewing() -> Cx<Staff> {
        let visit = Arc::new(Visit { previews: true, ..visit() });
        Cx { visit, ..cx(staff(Role::Administrator)) }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let visit = visit_with("session", "value");
        assert_eq!(visit.cookie("session"), Some("value"));
        assert_eq!((visit.cookie("sess"), visit.cookie("device")), (None, None));
    }

    #[test]
    fn a_line_tells_who_did_what_to_which_thing_from_where() {
        let line = cx(staff(Role::Member)).line(contact().id, 7, Detail::None);
        assert_eq!((line.actor, line.verb.as_str()), (Actor::Member(id(10)), "tests.run"));
        assert_eq!((line.object, line.seq, line.at), (Object::Contact(id(3)), 7, NOW));
        assert_eq!(line.origin.network.as_deref(), Some("192.0.2.7"));
        assert_eq!((line.origin.device_id, line.about), (None, None));
    }

    #[tokio::test]
    async fn a_preview_ends_with_what_would_be_saved_and_for_whose_eyes() {
        let cx = previewing();
        let mut change = cx.change(&cx.store());
        change.save_contact(&contact()).unwrap();
        let ended = cx.commit(change, Done).await.unwrap_err();
        let Some(Replay::Rehearsed(rehearsal)) = ended.replay else { panic!("it was rehearsed") };
        assert_eq!((rehearsal.tenant, rehearsal.now), (id(1), NOW));
        assert_eq!(rehearsal.eyes, cx.who.eyes());
        assert_eq!(rehearsal.saved, [Saved::Contact(Box::new(contact()))]);
    }

    #[tokio::test]
    async fn what_changes_nothing_is_done_and_without_a_key_nothing_was_answered_before() {
        let cx = cx(staff(Role::Administrator));
        assert!(cx.commit(cx.change(&cx.store()), Done).await.is_ok());
        assert!(cx.answer_before().await.is_ok());
    }

    #[test]
    fn a_refusal_that_is_kept_names_the_request() {
        let Refused(document) = cx(staff(Role::Member)).refused(&Problem::not_found());
        assert_eq!((document.instance.as_str(), document.status), ("urn:ulid:1", 404));
    }
}
