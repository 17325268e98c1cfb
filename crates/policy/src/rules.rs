//! The policies of one namespace, parsed, and how they are asked.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::thread;

use cedar_policy::entities_errors::EntitiesError;
use cedar_policy::{
    ActionConstraint, AuthorizationError, Authorizer, Context, Effect, Entities, Entity,
    EntityAttrEvaluationError, EntityId, EntityTypeName, EntityUid, ExpressionConstructionError,
    ParseErrors, PolicyId, PolicySet, PolicySetError, PrincipalConstraint, Request,
    RequestValidationError, ResourceConstraint, Schema, SchemaError,
};

use crate::{Decision, Policy};

/// Why there is no decision, which denies.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RulesError {
    #[error("parse the schema")]
    ParseSchema(#[source] Box<SchemaError>),
    #[error("parse the policies")]
    ParsePolicies(#[source] Box<ParseErrors>),
    #[error("find `@{annotation}` on the policy `{policy}`")]
    FindAnnotation { policy: String, annotation: &'static str },
    #[error("name the policies by their `@id`")]
    NamePolicies(#[source] Box<PolicySetError>),
    #[error("find the entity type `{0}` in the schema")]
    FindType(&'static str),
    #[error("find the action `{0}` in the schema")]
    FindAction(&'static str),
    #[error("build a record")]
    BuildRecord(#[source] Box<ExpressionConstructionError>),
    #[error("build an entity")]
    BuildEntity(#[source] Box<EntityAttrEvaluationError>),
    #[error("gather the entities")]
    GatherEntities(#[source] Box<EntitiesError>),
    #[error("express the request in the schema")]
    ExpressRequest(#[source] Box<RequestValidationError>),
    #[error("evaluate a policy")]
    Evaluate(#[source] Box<AuthorizationError>),
}

/// The policies of one namespace and the schema they were written against.
#[derive(Debug)]
pub(crate) struct Rules {
    schema: Schema,
    /// All policies, named by their `@id`.
    policies: PolicySet,
    /// Those of them that permit: what would be, were nothing forbidden.
    permits: PolicySet,
    /// Entity types by their name without the namespace; parsing a name per decision is dear.
    types: HashMap<String, EntityTypeName>,
    actions: HashMap<String, EntityUid>,
}

impl Rules {
    /// Parses a schema of one namespace, written as JSON, and the policies that go with it; each on
    /// a processor of its own, as a start waits for both.
    ///
    /// Whether the policies fit the schema is not looked at: a test holds that, and it is slow.
    pub(crate) fn parse(schema: &str, policies: &str) -> Result<Self, RulesError> {
        let (schema, parsed) = thread::scope(|scope| {
            let schema = scope.spawn(|| Schema::from_json_str(schema).map_err(Box::new));
            let parsed = policies.parse::<PolicySet>().map_err(Box::new);
            (schema.join(), parsed)
        });
        let schema = schema.unwrap_or_else(|panic| resume_unwind(panic));
        let (schema, parsed) =
            (schema.map_err(RulesError::ParseSchema)?, parsed.map_err(RulesError::ParsePolicies)?);

        Self::of(schema, parsed.policies())
    }

    /// Rules of these policies, each named by its `@id`.
    fn of<'a>(
        schema: Schema,
        policies: impl Iterator<Item = &'a cedar_policy::Policy>,
    ) -> Result<Self, RulesError> {
        let mut named = Vec::new();
        for policy in policies {
            annotation(policy, "says")?;
            let id = annotation(policy, "id")?;
            named.push(policy.new_id(PolicyId::new(id)));
        }
        let permits = named.iter().filter(|policy| policy.effect() == Effect::Permit).cloned();
        let permits = PolicySet::from_policies(permits)
            .map_err(|err| RulesError::NamePolicies(Box::new(err)))?;
        let policies = PolicySet::from_policies(named)
            .map_err(|err| RulesError::NamePolicies(Box::new(err)))?;

        let types = schema.entity_types().map(|kind| (kind.basename().to_owned(), kind.clone()));
        let types = types.collect();
        let actions = schema.actions().map(|uid| (uid.id().unescaped().to_owned(), uid.clone()));
        let actions = actions.collect();
        Ok(Self { schema, policies, permits, types, actions })
    }

    /// Names an entity of one of the namespace's types.
    pub(crate) fn uid(&self, kind: &'static str, id: &str) -> Result<EntityUid, RulesError> {
        let name = self.types.get(kind).ok_or(RulesError::FindType(kind))?;
        Ok(EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id)))
    }

    /// Asks whether `principal` may do `action` to `resource`.
    pub(crate) fn decide(
        &'static self,
        principal: Entity,
        action: &'static str,
        resource: Entity,
    ) -> Result<Decision, RulesError> {
        let action = self.actions.get(action).ok_or(RulesError::FindAction(action))?;
        let request = Request::new(
            principal.uid(),
            action.clone(),
            resource.uid(),
            Context::empty(),
            Some(&self.schema),
        )
        .map_err(|err| RulesError::ExpressRequest(Box::new(err)))?;
        // Built from types by code that a test holds against the schema; checking again is slow.
        let entities = Entities::from_entities([principal, resource], None)
            .map_err(|err| RulesError::GatherEntities(Box::new(err)))?;

        let decision = ask(&self.policies, &request, &entities)?;
        // A forbid stops what nobody permitted as well, but to name it there would tell a stranger
        // that the thing exists.
        let stopped = !decision.allowed && !decision.policies.is_empty();
        if stopped && !ask(&self.permits, &request, &entities)?.allowed {
            return Ok(Decision { allowed: false, policies: Vec::new() });
        }
        Ok(decision)
    }

    /// Whether the schema lets principals of the type `kind` do `action`.
    pub(crate) fn is_done_by(&self, action: &str, kind: &str) -> bool {
        let uid = self.actions.get(action);
        let principals = uid.and_then(|uid| self.schema.principals_for_action(uid));
        principals.into_iter().flatten().any(|name| name.basename() == kind)
    }

    /// Whether the schema lets `action` be done to resources of the type `kind`.
    pub(crate) fn is_done_to(&self, action: &str, kind: &str) -> bool {
        let uid = self.actions.get(action);
        let resources = uid.and_then(|uid| self.schema.resources_for_action(uid));
        resources.into_iter().flatten().any(|name| name.basename() == kind)
    }

    /// The policies that can permit `action` to a principal and on a resource of these types, in
    /// the order of the file.
    pub(crate) fn permitting(
        &'static self,
        principal: &'static str,
        action: &'static str,
        resource: &'static str,
    ) -> impl Iterator<Item = Policy> {
        let possible = self.is_done_by(action, principal) && self.is_done_to(action, resource);
        let may = move |policy: &&cedar_policy::Policy| {
            possible
                && policy.effect() == Effect::Permit
                && self.actions.get(action).is_some_and(|uid| is_about(policy, uid))
                && is_for(policy, principal)
                && is_on(policy, resource)
        };
        self.policies.policies().filter(may).filter_map(told)
    }

    /// Every policy, in the order of the file.
    pub(crate) fn policies(&'static self) -> impl Iterator<Item = Policy> {
        self.policies.policies().filter_map(told)
    }
}

fn told(policy: &'static cedar_policy::Policy) -> Option<Policy> {
    Some(Policy { id: policy.annotation("id")?, says: policy.annotation("says")? })
}

fn is_about(policy: &cedar_policy::Policy, action: &EntityUid) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(actions) => actions.contains(action),
        ActionConstraint::Eq(only) => only == *action,
    }
}

fn is_for(policy: &cedar_policy::Policy, kind: &str) -> bool {
    match policy.principal_constraint() {
        PrincipalConstraint::Any => true,
        // A member is in its role, and nothing else is in anything.
        PrincipalConstraint::In(_) => kind == "Member",
        PrincipalConstraint::Eq(one) => one.type_name().basename() == kind,
        PrincipalConstraint::Is(name) | PrincipalConstraint::IsIn(name, _) => {
            name.basename() == kind
        }
    }
}

fn is_on(policy: &cedar_policy::Policy, kind: &str) -> bool {
    match policy.resource_constraint() {
        ResourceConstraint::Any => true,
        ResourceConstraint::In(one) | ResourceConstraint::Eq(one) => {
            one.type_name().basename() == kind
        }
        ResourceConstraint::Is(name) | ResourceConstraint::IsIn(name, _) => name.basename() == kind,
    }
}

fn annotation<'a>(
    policy: &'a cedar_policy::Policy,
    annotation: &'static str,
) -> Result<&'a str, RulesError> {
    let missing = || RulesError::FindAnnotation { policy: policy.id().to_string(), annotation };
    policy.annotation(annotation).ok_or_else(missing)
}

fn ask(
    policies: &'static PolicySet,
    request: &Request,
    entities: &Entities,
) -> Result<Decision, RulesError> {
    let response = Authorizer::new().is_authorized(request, policies, entities);
    // Cedar skips a policy that it cannot evaluate. Skipping a forbid would open what it shuts.
    if let Some(err) = response.diagnostics().errors().next() {
        return Err(RulesError::Evaluate(Box::new(err.clone())));
    }
    let decided = response.diagnostics().reason();
    let mut decided: Vec<&'static str> =
        decided.filter_map(|id| policies.policy(id)?.annotation("id")).collect();
    decided.sort_unstable();
    Ok(Decision {
        allowed: response.decision() == cedar_policy::Decision::Allow,
        policies: decided,
    })
}

#[cfg(test)]
impl Rules {
    /// The same rules, but for one policy: written `otherwise`, or left out.
    pub(crate) fn but(&self, id: &str, otherwise: Option<&cedar_policy::Policy>) -> Self {
        let others = self.policies.policies().filter(|policy| policy.annotation("id") != Some(id));
        Self::of(self.schema.clone(), others.chain(otherwise)).unwrap()
    }

    /// Every policy, written as JSON, by its `@id`.
    pub(crate) fn written(&self) -> impl Iterator<Item = (&str, serde_json::Value)> {
        let policies = self.policies.policies();
        policies.map(|policy| (policy.annotation("id").unwrap(), policy.to_json().unwrap()))
    }

    /// What strict validation has against the policies.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let validator = cedar_policy::Validator::new(self.schema.clone());
        let result = validator.validate(&self.policies, cedar_policy::ValidationMode::Strict);
        let errors = result.validation_errors().map(ToString::to_string);
        errors.chain(result.validation_warnings().map(ToString::to_string)).collect()
    }

    /// What the schema has against an entity.
    pub(crate) fn complaint(&self, entity: Entity) -> Option<String> {
        Entities::from_entities([entity], Some(&self.schema)).err().map(|err| err.to_string())
    }

    /// The actions that the schema declares, sorted.
    pub(crate) fn action_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.actions.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}
