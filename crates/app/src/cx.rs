//! The context of one request: when, who, from where, and what may be repeated.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::activity::{Activity, Actor, Detail, Object, Origin};
use domain::contact::Contact;
use domain::id::{DeviceId, Id, LinkId, TenantId};
use jiff::Timestamp;
use policy::trust::{Action, Resource};
use store::change::{Change, Claim};
use store::idempotency::Repeat;
use store::{Store, StoreError};

use crate::answer::Answer;
pub use crate::anyone::Anyone;
use crate::house::House;
use crate::network::Network;
use crate::problem::{Kind, Problem, Replay};
use crate::repeat::{self, Refused};
use crate::route::{Named, Previews};
use crate::staff::Staff;

/// Longest idempotency key.
pub const KEY_BYTES_MAX: usize = 64;

/// The context of one request of a caller proved as `P`.
#[derive(Debug)]
pub struct Cx<P = Staff> {
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

/// A cookie to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// The whole `Set-Cookie` header.
    pub header: String,
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

    /// Whether the caller may do `action` to `resource`; who is no member sees nothing of theirs.
    fn may(&self, _action: Action, _resource: &Resource) -> bool {
        false
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

impl House {
    /// A cookie for this browser alone, unreadable by scripts, for `seconds`.
    #[must_use]
    pub fn cookie(&self, name: &str, value: &str, seconds: i64) -> Cookie {
        let (prefix, secure) = if self.is_secure() { ("__Host-", "; Secure") } else { ("", "") };
        let header = format!(
            "{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
        );
        Cookie { header }
    }

    /// Takes a cookie back.
    #[must_use]
    pub fn drop_cookie(&self, name: &str) -> Cookie {
        self.cookie(name, "", 0)
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
        crate::audit::personal(&self.house, contact, values)
    }

    /// Commits `change` with its answer. A repeat under the same key gets the same answer.
    ///
    /// # Errors
    /// Whatever the lost claims mean to the caller.
    pub async fn commit<A: Answer>(&self, change: Change, answer: A) -> Result<A, Problem> {
        self.try_commit(change, &answer).await??;
        Ok(answer)
    }

    /// Commits `change` with its answer, and hands lost claims back to whoever can look again.
    ///
    /// # Errors
    /// The outer problem ends the request: the answer was given before, a preview was wanted, or
    /// the table failed. The
    /// inner error is [`StoreError::Lost`].
    pub async fn try_commit<A: Answer>(
        &self,
        mut change: Change,
        answer: &A,
    ) -> Result<Result<(), StoreError>, Problem> {
        if self.visit.previews {
            return Err(self.previewed(change.into_saved()).await);
        }
        if let Some(repeat) = &self.repeat {
            let kept = repeat::keep(&self.visit.asked, &answer.parts(), self.now);
            change.keep_answer(repeat, &kept)?;
        }
        match change.commit().await {
            Ok(()) => Ok(Ok(())),
            Err(StoreError::Lost(lost)) => {
                if lost.iter().any(|lost| lost.claim == Claim::Idempotency) {
                    self.answer_before().await?;
                }
                Ok(Err(StoreError::Lost(lost)))
            }
            Err(error) => Err(error.into()),
        }
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
