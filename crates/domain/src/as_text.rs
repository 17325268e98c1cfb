//! Things that are one text to everybody outside: printed, stored, read back and described as such.

/// Prints a thing as its `as_str`.
macro_rules! display_as_str {
    ($name:ident $(<const $max:ident: usize>)?) => {
        impl $(<const $max: usize>)? std::fmt::Display for $name $(<$max>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// Shows a thing in logs and tests as it prints.
macro_rules! debug_as_display {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
    };
}

/// Reads a thing by parsing a text.
macro_rules! read_as_text {
    ($name:ident $(<const $max:ident: usize>)?) => {
        impl<'de $(, const $max: usize)?> serde::Deserialize<'de> for $name $(<$max>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Stores a thing as it prints, and reads it back by parsing that.
macro_rules! serde_as_text {
    ($name:ident $(<const $max:ident: usize>)?) => {
        impl $(<const $max: usize>)? serde::Serialize for $name $(<$max>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        crate::as_text::read_as_text!($name $(<const $max: usize>)?);
    };
}

/// Describes a thing in the API by a schema that is written out wherever the thing stands.
macro_rules! inline_schema {
    ($name:ident $(<const $max:ident: usize>)?, $called:literal, $schema:tt) => {
        impl $(<const $max: usize>)? schemars::JsonSchema for $name $(<$max>)? {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $called.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

pub(crate) use {debug_as_display, display_as_str, inline_schema, read_as_text, serde_as_text};

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};

    use schemars::{JsonSchema, schema_for};
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use crate::activity::Object;
    use crate::challenge::code::Code;
    use crate::document::Sha256;
    use crate::email::{Domain, Email};
    use crate::expiry::When;
    use crate::id::ContactId;
    use crate::tenant::{Accent, Slug, Zone};
    use crate::text::{Note, Title};

    fn is_stored_as<T>(text: &str)
    where
        T: Debug + Display + Serialize + DeserializeOwned,
    {
        let json = serde_json::to_string(text).unwrap();
        let read: T = serde_json::from_str(&json).unwrap();
        assert_eq!(read.to_string(), text);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert!(format!("{read:?}").contains(text));
        assert!(serde_json::from_str::<T>("\"\"").is_err(), "it is parsed when it is read");
    }

    #[test]
    fn what_is_one_text_is_stored_as_it_prints_and_parsed_when_it_is_read() {
        is_stored_as::<Email>("maya@initech.example");
        is_stored_as::<Domain>("initech.example");
        is_stored_as::<Slug>("acme");
        is_stored_as::<Accent>("#0b5d66");
        is_stored_as::<Zone>("Europe/Zurich");
        is_stored_as::<Title>("Penetration test");
        is_stored_as::<Note>("Why so late?");
        is_stored_as::<ContactId>("con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9");
        assert!(serde_json::from_str::<Code>("\"04291\"").is_err());
        assert!(serde_json::from_str::<When>("\"soon\"").is_err());
    }

    #[test]
    fn what_is_one_text_is_described_where_it_stands() {
        fn described<T: JsonSchema>() -> (bool, serde_json::Value) {
            (T::inline_schema(), schema_for!(T).to_value()["type"].clone())
        }
        let text = (true, serde_json::Value::from("string"));
        assert_eq!(described::<Email>(), text);
        assert_eq!(described::<Sha256>(), text);
        assert_eq!(described::<Object>(), text);
        assert_eq!(described::<Title>(), text);
        assert_eq!(schema_for!(Title).to_value()["maxLength"], 200);
    }
}
