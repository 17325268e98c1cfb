//! Keys of documents, of what lies with one, and of the guest links to one.

use domain::id::{ContactId, DocumentId, EventId, FileId, Id, LinkId};

use super::{Key, Keys, SELF};

impl Keys {
    fn in_document(self, id: DocumentId, sk: impl Into<String>) -> Key {
        self.key(format_args!("doc#{}", id.ulid()), sk)
    }

    fn in_link(self, id: LinkId, sk: impl Into<String>) -> Key {
        self.key(format_args!("lnk#{}", id.ulid()), sk)
    }

    pub(crate) fn document(self, id: DocumentId) -> Key {
        self.in_document(id, SELF)
    }

    pub(crate) fn file(self, document: DocumentId, id: FileId) -> Key {
        self.in_document(document, format!("fil#{id}"))
    }

    pub(crate) fn link(self, document: DocumentId, id: LinkId) -> Key {
        self.in_document(document, format!("lnk#{id}"))
    }

    pub(crate) fn event(self, document: DocumentId, id: EventId) -> Key {
        self.in_document(document, format!("evt#{id}"))
    }

    pub(crate) fn signatures(self, document: DocumentId) -> Key {
        self.in_document(document, "sig")
    }

    /// A browser on a link, by the hash of its secret and the link.
    pub(crate) fn guest(self, link: LinkId, sha: &str) -> Key {
        self.in_link(link, format!("dev#{sha}"))
    }

    /// Whose child document a contact got on a link.
    pub(crate) fn child(self, link: LinkId, contact: ContactId) -> Key {
        self.in_link(link, format!("chd#{contact}"))
    }

    /// How many views such a browser was counted for.
    pub(crate) fn guest_views(self, link: LinkId, sha: &str) -> Key {
        self.in_link(link, format!("seen#{sha}"))
    }

    /// Where everything of a link lies but the link.
    pub(crate) fn link_home(self, link: LinkId) -> String {
        format!("{}#lnk#{}", self.0.ulid(), link.ulid())
    }
}
