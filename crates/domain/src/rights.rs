//! Sets of rights. Whoever may do anything may look, so every set holds *view*.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// One thing that a set allows.
pub trait Right: Copy + Ord + Serialize + DeserializeOwned + JsonSchema + 'static {
    /// To look, which every set holds.
    const VIEW: Self;
    /// What is given unless something else is said.
    const USUAL: &'static [Self];
    /// What the API description calls a set of them.
    const SET: &'static str;
    /// A set worth showing in the API description.
    const EXAMPLE: &'static [Self];
}

/// Why a set of rights is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RightsError {
    /// Whoever may do more may look.
    #[error("`view` must be among the rights")]
    NoView,
}

/// A set of rights that holds at least [`Right::VIEW`], in one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<R>", into = "Vec<R>", bound = "R: Right")]
pub struct Rights<R>(Vec<R>);

impl<R: Right> Rights<R> {
    /// Whether the set holds `right`.
    #[must_use]
    pub fn allows(&self, right: R) -> bool {
        self.0.contains(&right)
    }

    /// The rights, in their order.
    pub fn iter(&self) -> impl Iterator<Item = R> {
        self.0.iter().copied()
    }

    /// What either set holds.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let mut rights = [self.0.as_slice(), &other.0].concat();
        rights.sort_unstable();
        rights.dedup();
        Self(rights)
    }
}

impl<R: Right> Default for Rights<R> {
    fn default() -> Self {
        Self(R::USUAL.to_vec())
    }
}

impl<R: Right> TryFrom<Vec<R>> for Rights<R> {
    type Error = RightsError;

    fn try_from(mut rights: Vec<R>) -> Result<Self, RightsError> {
        rights.sort_unstable();
        rights.dedup();
        if rights.contains(&R::VIEW) { Ok(Self(rights)) } else { Err(RightsError::NoView) }
    }
}

impl<R> From<Rights<R>> for Vec<R> {
    fn from(rights: Rights<R>) -> Self {
        rights.0
    }
}

impl<R: Right> JsonSchema for Rights<R> {
    fn schema_name() -> Cow<'static, str> {
        R::SET.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let right = generator.subschema_for::<R>();
        json_schema!({
            "type": "array",
            "items": right,
            "minItems": 1,
            "uniqueItems": true,
            "examples": [R::EXAMPLE],
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::link::Right::{Download, Sign, View, Write};

    type Rights = super::Rights<crate::link::Right>;

    fn set(list: &[crate::link::Right]) -> Rights {
        Rights::try_from(list.to_vec()).unwrap()
    }

    #[test]
    fn what_either_holds_is_one_set_in_one_order() {
        let both = set(&[Sign, View]).with(&set(&[View, Download]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [View, Download, Sign]);
        assert!(both.allows(Sign) && !both.allows(Write));
    }

    #[test]
    fn a_set_is_stored_as_its_list_and_view_is_missed() {
        let json = serde_json::json!(["view", "sign"]);
        assert_eq!(serde_json::to_value(set(&[Sign, View])).unwrap(), json);
        assert_eq!(serde_json::from_value::<Rights>(json).unwrap(), set(&[View, Sign]));
        assert!(serde_json::from_str::<Rights>("[\"sign\"]").is_err());
    }

    #[test]
    fn the_api_tells_what_a_set_holds() {
        let schema = schemars::schema_for!(Rights).to_value();
        assert_eq!(schema["title"], "LinkRights");
        assert_eq!(schema["minItems"], 1);
    }
}
