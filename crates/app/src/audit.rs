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
