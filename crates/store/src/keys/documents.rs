//! Keys of documents, of what lies with one, and of the guest links to one.

use domain::id::{ContactId, DocumentId, EventId, FileId, Id, LinkId};

use super::{Key, Keys, SELF};

impl Keys {
    pub(crate) fn document(self, id: DocumentId) -> Key {
        self.key(format_args!("doc#{}", id.ulid()), SELF)
    }

    pub(crate) fn file(self, document: DocumentId, id: FileId) -> Key {
        self.key(format_args!("doc#{}", document.ulid()), format!("fil#{id}"))
    }

    pub(crate) fn link(self, document: DocumentId, id: LinkId) -> Key {
        self.key(format_args!("doc#{}", document.ulid()), format!("lnk#{id}"))
    }

    pub(crate) fn event(self, document: DocumentId, id: EventId) -> Key {
        self.key(format_args!("doc#{}", document.ulid()), format!("evt#{id}"))
    }

    pub(crate) fn signatures(self, document: DocumentId) -> Key {
        self.key(format_args!("doc#{}", document.ulid()), "sig")
    }

    /// A browser on a link, by the hash of its secret and the link.
    pub(crate) fn guest(self, link: LinkId, sha: &str) -> Key {
        self.key(format_args!("lnk#{}", link.ulid()), format!("dev#{sha}"))
    }

    /// Whose child document a contact got on a link.
    pub(crate) fn child(self, link: LinkId, contact: ContactId) -> Key {
        self.key(format_args!("lnk#{}", link.ulid()), format!("chd#{contact}"))
    }

    /// How many views such a browser was counted for.
    pub(crate) fn guest_views(self, link: LinkId, sha: &str) -> Key {
        self.key(format_args!("lnk#{}", link.ulid()), format!("seen#{sha}"))
    }

    /// Where everything of a link lies but the link.
    pub(crate) fn link_home(self, link: LinkId) -> String {
        format!("{}#lnk#{}", self.0.ulid(), link.ulid())
    }
}
