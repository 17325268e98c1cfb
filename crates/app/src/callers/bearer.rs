//! Callers whose proof is in what they send: a magic link's token, or the cookie of a code.
//!
//! Nothing is counted, read or written for them before the proof was found to be ours, so that a
//! forged one costs nothing.

use std::fmt::Display;
use std::sync::Arc;

use domain::activity::Actor;
use domain::id::TenantId;
use jiff::Timestamp;

use crate::callers::anyone::count_post;
use crate::exchange::cx::{Cx, Heard, Principal, Visit};
use crate::exchange::problem::Problem;
use crate::house::House;

/// Somebody who may bear a proof; the handler finds out, then calls [`Cx::hear`].
#[derive(Clone, Copy, Debug)]
pub struct Bearer;

impl Principal for Bearer {
    const HEARD: Heard = Heard::ByTheHandler;
    const SECURITY: Option<&'static str> = None;

    async fn enter(_: &Arc<House>, _: &Visit, _: Timestamp) -> Result<Self, Problem> {
        Ok(Self)
    }

    fn actor(&self) -> Actor {
        Actor::Anyone
    }

    fn tenant(&self) -> Option<TenantId> {
        None
    }

    fn repeats_as(&self, visit: &Visit) -> String {
        visit.network_hash.clone()
    }
}

impl Cx<Bearer> {
    /// Notes that the caller bears `proof`, which we made for `tenant`: a repeat is answered only
    /// to whoever bears the same.
    pub(crate) fn bears(&mut self, tenant: TenantId, proof: impl Display) {
        if let Some(repeat) = &mut self.repeat {
            repeat.tenant = Some(tenant);
            repeat.actor = proof.to_string();
        }
    }

    /// The same for a proof that was made for nobody's company.
    pub(crate) fn bears_for_oneself(&mut self, proof: impl Display) {
        if let Some(repeat) = &mut self.repeat {
            repeat.actor = proof.to_string();
        }
    }

    /// Counts the call for its network and, if it is a repeat, ends it with the answer given
    /// before.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::TooMany`] with the seconds to wait, the answer given
    /// before, or the table's.
    pub(crate) async fn hear(&self) -> Result<(), Problem> {
        // Boxed, as two calls under way at once make a large future.
        let counted = Box::pin(count_post(&self.house, &self.visit, self.now));
        let answered = Box::pin(self.answer_before());
        let (counted, answered) = tokio::join!(counted, answered);
        counted.and(answered)
    }
}

#[cfg(test)]
mod tests {
    use store::idempotency::Repeat;

    use super::*;
    use crate::fixtures::{cx, id, visit};

    #[test]
    fn a_repeat_is_answered_to_whoever_bears_the_same_proof() {
        let repeat = || Repeat { tenant: None, actor: "network".to_owned(), key: "k".to_owned() };
        let mut cx = cx(Bearer);
        cx.bears(id(1), "proof");
        assert!(cx.repeat.is_none(), "nothing is kept without a key");
        cx.repeat = Some(repeat());
        cx.bears(id(1), "proof");
        let kept = cx.repeat.take().unwrap();
        assert_eq!((kept.tenant, kept.actor.as_str()), (Some(id(1)), "proof"));
        cx.repeat = Some(repeat());
        cx.bears_for_oneself("proof");
        let kept = cx.repeat.take().unwrap();
        assert_eq!((kept.tenant, kept.actor.as_str()), (None, "proof"));
        assert_eq!((Bearer.actor(), Bearer.tenant()), (Actor::Anyone, None));
        assert_eq!(Bearer.repeats_as(&visit()), "network");
    }
}
