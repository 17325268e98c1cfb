//! Every clause of every policy is needed: taken out, some cell of the table is decided otherwise.

use std::collections::BTreeSet;

use cedar_policy::{Policy, PolicyId};
use serde_json::{Value, json};

use crate::rules::Rules;
use crate::trust::Action;
use crate::trust::tests::rules;
use crate::trust::tests::table::{COLUMNS, RESOURCES, principal, resource};

#[test]
fn every_clause_of_every_policy_decides_some_cell() {
    let (mut idle, mut tried) = (Vec::new(), 0);
    for (id, policy) in rules().written() {
        let actions = actions(&policy);
        let open = open(rules(), &actions);
        let without = |otherwise: Option<&Policy>| Box::leak(Box::new(rules().but(id, otherwise)));
        if open == self::open(without(None), &actions) {
            idle.push(id.to_owned());
        }
        for cut in without_its_role(&policy).into_iter().chain(cuts(&policy)) {
            let otherwise = Policy::from_json(Some(PolicyId::new(id)), cut).unwrap();
            tried += 1;
            if open == self::open(without(Some(&otherwise)), &actions) {
                idle.push(otherwise.to_string());
            }
        }
    }
    assert!(100 < tried, "only {tried} clauses were taken out");
    assert!(idle.is_empty(), "nobody would miss what these lack:\n{}", idle.join("\n"));
}

#[test]
fn a_cut_takes_out_one_clause() {
    let and = json!({ "&&": { "left": { "Var": "a" }, "right": { "Set": ["b", "c"] } } });
    let cut = [
        json!([{ "Var": "a" }]),
        json!([{ "Set": ["b", "c"] }]),
        json!([{ "&&": { "left": { "Var": "a" }, "right": { "Set": ["c"] } } }]),
        json!([{ "&&": { "left": { "Var": "a" }, "right": { "Set": ["b"] } } }]),
    ];
    assert_eq!(cuts(&json!([and])), [[json!([])].as_slice(), &cut].concat());
}

/// The actions that a policy is about.
fn actions(policy: &Value) -> Vec<Action> {
    let scope = &policy["action"];
    let many = scope["entities"].as_array().into_iter().flatten();
    let named = many.chain(scope.get("entity")).filter_map(|action| action["id"].as_str());
    named.map(|name| Action::named(name).unwrap()).collect()
}

/// The cells in which these rules allow one of `actions`.
fn open(
    rules: &'static Rules,
    actions: &[Action],
) -> BTreeSet<(Action, &'static str, &'static str)> {
    let mut open = BTreeSet::new();
    for action in actions {
        for (name, _) in RESOURCES {
            for column in COLUMNS {
                let (who, what) = (principal(column), resource(name));
                let name_of = action.as_str();
                if !rules.is_done_by(name_of, who.kind()) || !rules.is_done_to(name_of, what.kind())
                {
                    continue;
                }
                let (who, what) = (who.entity(rules).unwrap(), what.entity(rules).unwrap());
                // What cannot be evaluated denies.
                if rules.decide(who, name_of, what).is_ok_and(|decision| decision.allowed) {
                    open.insert((*action, name, column));
                }
            }
        }
    }
    open
}

/// The policy for callers of any role, if it is for those of one.
fn without_its_role(policy: &Value) -> Option<Value> {
    let mut policy = policy.clone();
    let scope = policy.get_mut("principal").filter(|scope| scope["op"] == "in")?;
    *scope = json!({ "op": "All" });
    Some(policy)
}

/// Every way to lose one piece of a policy: an entry of a list, which is a condition, an action or
/// a role, or one side of an `&&` or `||`.
fn cuts(whole: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for (at, item) in whole.as_array().into_iter().flatten().enumerate() {
        let instead = |other: Option<Value>| {
            let mut items = whole.as_array().unwrap().clone();
            items.splice(at..=at, other);
            Value::from(items)
        };
        found.push(instead(None));
        found.extend(cuts(item).into_iter().map(|cut| instead(Some(cut))));
    }
    for (name, inner) in whole.as_object().into_iter().flatten() {
        if ["&&", "||"].contains(&name.as_str()) {
            found.extend([inner["left"].clone(), inner["right"].clone()]);
        }
        for cut in cuts(inner) {
            let mut other = whole.clone();
            other[name] = cut;
            found.push(other);
        }
    }
    found
}
