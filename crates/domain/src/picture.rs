//! Pictures of people and logos of companies: which object of the bucket, and whose.

use serde::{Deserialize, Serialize};

use crate::as_text::display_as_str;
use crate::id::{ContactId, FileId};

/// A picture that we drew and keep; nothing of what was sent but what can be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Which object.
    pub id: FileId,
    /// How it is written.
    pub format: Format,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// PNG, which keeps transparency.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl Format {
    /// Every format that may be sent.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// The media type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

display_as_str!(Format);

/// Whose picture it is, and so what must name it as long as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// The company: its logo.
    Tenant,
    /// A contact.
    Contact(ContactId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_prints_as_its_media_type() {
        let types = ["image/png", "image/jpeg", "image/webp"];
        assert_eq!(Format::ALL.map(|format| format.to_string()), types);
    }
}
