//! What the trail keeps of a change, and how personal values are kept.

use domain::activity::{Activity, Actor, Detail, Object, Origin};
use domain::contact::Contact;
use jiff::Timestamp;
use serde_json::Value;

use crate::house::House;

/// Values about `contact`, readable only while the contact's key stands.
#[must_use]
pub fn personal(house: &House, contact: &Contact, values: &Value) -> Detail {
    let plain = values.to_string();
    let nonce = nonce(house.dice.secret());
    match house.keys.seal(&contact.subject_seed, nonce, plain.as_bytes()) {
        Some((root, cipher)) => Detail::Sealed { root, cipher },
        // The person was erased: nothing more is kept about them.
        None => Detail::None,
    }
}

/// Reads a line's detail back; `None` if there is none or the person was erased.
#[must_use]
pub fn reveal(house: &House, subject: Option<&Contact>, detail: &Detail) -> Option<Value> {
    match detail {
        Detail::None => None,
        Detail::Plain(values) => Some(values.clone()),
        Detail::Sealed { root, cipher } => {
            let plain = house.keys.unseal(*root, &subject?.subject_seed, cipher)?;
            serde_json::from_slice(&plain).ok()
        }
    }
}

/// A line of the trail that the rules themselves write.
#[must_use]
pub fn by_rule(
    house: &House,
    verb: &str,
    object: impl Into<Object>,
    seq: u64,
    now: Timestamp,
) -> Activity {
    Activity {
        id: house.dice.id(now),
        actor: Actor::System,
        verb: verb.to_owned(),
        object: object.into(),
        seq,
        about: None,
        detail: Detail::None,
        at: now,
        origin: Origin::default(),
    }
}

/// The first 192 of 256 random bits.
fn nonce(secret: [u8; 32]) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce.iter_mut().zip(secret).for_each(|(to, from)| *to = from);
    nonce
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixtures::{NOW, contact, house, id};

    #[test]
    fn what_is_kept_of_a_person_is_read_back_while_their_key_stands_and_never_after() {
        let (house, values) = (house(), json!({ "name": "Maya" }));
        let sealed = personal(&house, &contact(), &values);
        assert!(matches!(sealed, Detail::Sealed { .. }));
        assert_eq!(reveal(&house, Some(&contact()), &sealed), Some(values.clone()));
        let erased = contact().erased();
        let other = Contact { subject_seed: "other".to_owned(), ..contact() };
        for subject in [None, Some(&erased), Some(&other)] {
            assert_eq!(reveal(&house, subject, &sealed), None);
        }
        assert_eq!(personal(&house, &erased, &values), Detail::None);
        assert_eq!(reveal(&house, None, &Detail::Plain(values.clone())), Some(values));
        assert_eq!(reveal(&house, Some(&contact()), &Detail::None), None);
    }

    #[test]
    fn what_the_rules_do_is_nobodys_and_comes_from_nowhere() {
        let line = by_rule(&house(), "requests.cover", contact().id, 3, NOW);
        assert_eq!((line.actor, line.origin.clone()), (Actor::System, Origin::default()));
        assert_eq!((line.verb.as_str(), line.object), ("requests.cover", Object::Contact(id(3))));
        assert_eq!((line.seq, line.at, line.detail), (3, NOW, Detail::None));
    }
}
