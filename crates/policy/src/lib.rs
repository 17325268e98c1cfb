//! Who may do what: Cedar policies, and the one question asked of them.
//!
//! - `domain` decides what is alive, this crate decides who may. Time never reaches a policy.
//! - Policies live in `policies/*.cedar` and nowhere else: no Rust line here knows a role's rights.
//!   Each area has a namespace, a schema and a policy file of its own, and a module beside
//!   [`trust`] that turns our types into its entities.
//! - Deciding never fails and never panics. A question that the schema cannot express, and a policy
//!   that cannot be evaluated, deny and are logged.
//! - Policies are parsed once, at the first decision or before by [`trust::prepare`]. Tests validate
//!   them, hold them to `policies/trust.table`, and take each clause out to see it missed there.

mod rules;
pub mod trust;

/// What was decided, and by which policies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Decision {
    /// Whether the action may go on.
    pub allowed: bool,
    /// The `@id`s that decided, sorted: those that permit, if allowed; those that forbid what
    /// would be permitted otherwise, if denied; empty if nothing permits.
    pub policies: Vec<&'static str>,
}

impl Decision {
    /// Whether all would be well but for the one policy `id`.
    #[must_use]
    pub fn stopped_only_by(&self, id: &str) -> bool {
        !self.allowed && self.policies == [id]
    }
}

/// One policy, for whoever asks why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its `@id`, as in [`Decision::policies`].
    pub id: &'static str,
    /// Its `@says`: the rule in plain words.
    pub says: &'static str,
}

/// Every policy, in the order of the files.
pub fn policies() -> impl Iterator<Item = Policy> {
    trust::policies()
}
