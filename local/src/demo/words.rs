//! Words of the demo as the product understands them, and lines of its trail.

use std::str::FromStr;

use app::house::House;
use domain::activity::{Activity, Actor, Detail, Object, Origin};
use jiff::Timestamp;

use crate::demo::DemoError;

/// A line of the trail.
pub(super) fn line(
    house: &House,
    actor: Actor,
    verb: &str,
    (object, seq): (impl Into<Object>, u64),
    detail: Detail,
    at: Timestamp,
) -> Activity {
    Activity {
        id: house.dice.id(at),
        actor,
        verb: verb.to_owned(),
        object: object.into(),
        seq,
        about: None,
        detail,
        at,
        origin: Origin::default(),
    }
}

/// A word of the demo as the product understands it.
pub(super) fn word<T: FromStr>(text: &str) -> Result<T, DemoError> {
    let kind = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
    text.parse().map_err(|_| DemoError::Word { text: text.to_owned(), kind })
}
