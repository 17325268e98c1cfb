//! Every key of the table. `{t}` is the tenant's ULID; a bare `-` is the thing itself. Other ids
//! are bare ULIDs in a PK, and whole in an SK or behind `seen#`, `obj#`, `actor#` and `task#`.
//!
//! | thing | PK | SK | index keys; due; ttl |
//! |---|---|---|---|
//! | identity; its second factor; its seats | `idn#{idn}` | `-`; `second`; `seat#{t}#{mem}` | |
//! | sign-in address | `mail#{email}` | `-` | |
//! | session | `ses#{sha}` | `-` | O `idn#{idn}` S `ses#{at}`; ttl |
//! | locator of a tenant; of a guest link | `slug#{slug}`; `lnk#{lnk}` | `-` | |
//! | public rate | `rate#{what}#{hash}#{window}` | `-` | ttl |
//! | misses of a sign-in; mails that reset a password | `rate#sign_in#{hash}`; `rate#reset#{hash}` | `-` | ttl |
//! | kept answer to a caller without a tenant | `idem#{actor}#{key}` | `-` | ttl |
//! | nothing, read to open a connection | `nothing` | `-` | |
//! | tenant; NDA texts; bytes in use | `{t}` | `-`; `nda#{v}`; `usage` | |
//! | member; which seat is whose | `{t}#mem` | `{mem}`; `{idn}` | |
//! | account | `{t}#acc#{acc}` | `-` | due (warnings, end) |
//! | domain lock | `{t}#dom#{domain}` | `-` | |
//! | nothing, read where a contact has no account; checked to cost alike | `{t}#acc`; `{t}#none#{token}` | `-`; `{number}` | |
//! | contact | `{t}#con#{con}` | `-` | due (erasure) |
//! | grant | `{t}#con#{con}` | `grt#{doc}` | O `{t}#obj#{doc}` S `grt#{con}`; due (warnings, end) |
//! | request | `{t}#con#{con}` | `req#{req}` | due (patience) |
//! | NDA acceptance | `{t}#con#{con}` | `nda#{v}` | |
//! | magic link; portal browser | `{t}#con#{con}` | `inv#{inv}`; `dev#{sha}` | ttl |
//! | views of a portal browser; of a member's session | `{t}#seen#{dev}`; `{t}#seen#{ses}` | `-` | |
//! | which request is whose; which file | `{t}#req#{req}`; `{t}#fil#{fil}` | `-` | |
//! | address lock | `{t}#mail#trust#{email}` | `-` | |
//! | document; its thread; its signatures | `{t}#doc#{doc}` | `-`; `evt#{evt}`; `sig` | |
//! | file of a document | `{t}#doc#{doc}` | `fil#{fil}` | due (uploads never completed) |
//! | guest link | `{t}#doc#{doc}` | `lnk#{lnk}` | O `{t}#obj#{con}` S `lnk#{lnk}`; due (warnings, end) |
//! | browser on a guest link; its views | `{t}#lnk#{lnk}` | `dev#{sha}`; `seen#{sha}` | ttl |
//! | a guest's child | `{t}#lnk#{lnk}` | `chd#{con}` | |
//! | list row | `{t}#list#{list}` | `{ulid}` | L `{t}#list#{list}#{group}` A `{day}#{ulid}` |
//! | word row, by two letters; what search shows of a contact | `{t}#word#{list}#{head}`; `{t}#words#{con}` | `{word}#{ulid}`; `-` | |
//! | activity | home: contact, document, account or tenant | `~act#{ulid}` | O `{t}#obj#{about}` S `act#{ulid}`; R `{t}#actor#{mem}` or `{t}#actor#{con}`, but for a contact's where it lies with them |
//! | challenge; standing; mail budget | `{t}#chl#{chl}`; `{t}#std#{hash}`; `{t}#bud#{hash}` | `-` | ttl (not while misses stand) |
//! | mail | `{t}#out#{mai}` | `-` | O `{t}#obj#{con}` or `{t}#obj#{mem}` S `mail#{at}#{mai}`; due; ttl once settled |
//! | suppression of an address | `{t}#sup#{email}` | `-` | |
//! | task | `{t}#task#{work}` | `-` | due |
//! | kept answer | `{t}#idem#{actor}#{key}` | `-` | ttl |
//! | whatever is due | as above | as above | D `due#{shard}` W `{at}#{ulid}` |
//!
//! Indexes are sparse: `created` (L, SK), `activity` (L, A), `inverse` (O, S), `due` (D, W),
//! `actor` (R, SK).
//! Keys that do not begin with the tenant are those of identities and sessions, locators, public
//! rates, answers to callers without a tenant, and `due`.

mod documents;
#[cfg(test)]
mod tests;

use domain::activity::Object;
use domain::email::{Domain, Email};
use domain::id::{
    AccountId, ChallengeId, ContactId, DocumentId, FileId, Id, IdentityId, InvitationId, LinkId,
    MailId, MemberId, RequestId, TenantId,
};
use domain::tenant::Slug;
use jiff::Timestamp;
use ulid::Ulid;

/// Sort key of the thing that a partition is named after.
pub(crate) const SELF: &str = "-";
/// First characters of every activity line; `~` sorts after all other sort keys.
pub(crate) const ACTIVITY: &str = "~act#";
/// First characters of an activity line's place among everything about a thing.
pub(crate) const ABOUT: &str = "act#";
/// Buckets that due things are spread over.
pub const DUE_SHARDS: u8 = 16;

/// Where one item lies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// The contact in whose partition the item lies, if it lies in one's.
    #[must_use]
    pub fn contact(&self) -> Option<ContactId> {
        let ulid = self.parts().0.strip_prefix("con#")?;
        Ulid::from_string(ulid).ok().map(ContactId::from_ulid)
    }

    /// Reads a key back from a stream record or the `due` index.
    #[must_use]
    pub fn from_parts(pk: &str, sk: &str) -> Self {
        Self::new(pk, sk)
    }

    /// The tenant whose item this is, if it is a tenant's.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        let first = self.pk.split('#').next()?;
        Ulid::from_string(first).ok().map(TenantId::from_ulid)
    }

    /// The part of the partition key behind the tenant, such as `con#01J…`, and the sort key.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        (self.pk.split_once('#').map_or("", |(_, rest)| rest), &self.sk)
    }
}

// ── what belongs to nobody ────────────────────────────────────────────────────────────────

/// Where nothing ever lies.
pub(crate) fn nothing() -> Key {
    Key::new("nothing", SELF)
}

pub(crate) fn identity(id: IdentityId) -> Key {
    Key::new(format!("idn#{}", id.ulid()), SELF)
}

pub(crate) fn second_factor(id: IdentityId) -> Key {
    Key::new(format!("idn#{}", id.ulid()), "second")
}

pub(crate) fn seat(id: IdentityId, tenant: TenantId, member: MemberId) -> Key {
    Key::new(format!("idn#{}", id.ulid()), format!("seat#{}#{member}", tenant.ulid()))
}

pub(crate) fn sign_in_address(email: &Email) -> Key {
    Key::new(format!("mail#{email}"), SELF)
}

pub(crate) fn session(sha: &str) -> Key {
    Key::new(format!("ses#{sha}"), SELF)
}

pub(crate) fn sessions_of(id: IdentityId) -> String {
    format!("idn#{}", id.ulid())
}

pub(crate) fn slug(slug: &Slug) -> Key {
    Key::new(format!("slug#{slug}"), SELF)
}

pub(crate) fn link_locator(id: LinkId) -> Key {
    Key::new(format!("lnk#{}", id.ulid()), SELF)
}

pub(crate) fn public_rate(what: &str, whose: &str, window: i64) -> Key {
    Key::new(format!("rate#{what}#{whose}#{window}"), SELF)
}

pub(crate) fn misses(whose: &str) -> Key {
    Key::new(format!("rate#sign_in#{whose}"), SELF)
}

pub(crate) fn reset_budget(whose: &str) -> Key {
    Key::new(format!("rate#reset#{whose}"), SELF)
}

pub(crate) fn public_idempotency(actor: &str, key: &str) -> Key {
    Key::new(format!("idem#{actor}#{key}"), SELF)
}

/// The `due` bucket of a thing and its place there.
pub(crate) fn due(at: Timestamp, ulid: Ulid) -> (String, String) {
    let shard = ulid.random() % u128::from(DUE_SHARDS);
    (due_shard(u8::try_from(shard).unwrap_or_default()), format!("{}#{ulid}", instant(at)))
}

/// The instant in the place of something due.
pub(crate) fn due_at(place: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(place.split('#').next()?.parse().ok()?).ok()
}

pub(crate) fn due_shard(shard: u8) -> String {
    format!("due#{shard:02}")
}

/// Where a line of the trail stands in its home.
pub(crate) fn line(ulid: impl std::fmt::Display) -> String {
    format!("{ACTIVITY}{ulid}")
}

/// Where a line stands among everything about one object.
pub(crate) fn line_about(ulid: impl std::fmt::Display) -> String {
    format!("{ABOUT}{ulid}")
}

/// Where a grant stands among everything about its document.
pub(crate) fn grant_about(contact: ContactId) -> String {
    format!("grt#{contact}")
}

/// Where a link stands among everything about its contact.
pub(crate) fn link_about(link: LinkId) -> String {
    format!("lnk#{link}")
}

/// Where a mail stands among everything about whoever it goes to.
pub(crate) fn mail_about(owed: Timestamp, mail: MailId) -> String {
    format!("mail#{}#{mail}", instant(owed))
}

/// Where a session stands among its identity's.
pub(crate) fn session_place(begun: Timestamp) -> String {
    format!("ses#{}", instant(begun))
}

/// Where a list row stands by day of activity.
pub(crate) fn by_day(day: &str, ulid: Ulid) -> String {
    format!("{day}#{ulid}")
}

/// Where a row stands among the words that begin alike. No word holds a `#`.
pub(crate) fn word_place(word: &str, ulid: Ulid) -> String {
    format!("{word}#{ulid}")
}

/// An instant whose text sorts as time does.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{:013}", at.as_millisecond().max(0))
}

// ── what belongs to a tenant ──────────────────────────────────────────────────────────────

/// Forms the keys of one tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys(pub(crate) TenantId);

impl Keys {
    fn key(self, rest: impl std::fmt::Display, sk: impl Into<String>) -> Key {
        Key::new(format!("{}#{rest}", self.0.ulid()), sk)
    }

    pub(crate) fn tenant(self) -> Key {
        Key::new(self.0.ulid().to_string(), SELF)
    }

    pub(crate) fn nda(self, version: u32) -> Key {
        Key::new(self.0.ulid().to_string(), format!("nda#{version:06}"))
    }

    pub(crate) fn usage(self) -> Key {
        Key::new(self.0.ulid().to_string(), "usage")
    }

    pub(crate) fn member(self, id: MemberId) -> Key {
        self.key("mem", id.to_string())
    }

    /// The place of an identity's seat; an identity has one in a tenant.
    pub(crate) fn seat_of(self, id: IdentityId) -> Key {
        self.key("mem", id.to_string())
    }

    pub(crate) fn members(self) -> String {
        format!("{}#mem", self.0.ulid())
    }

    pub(crate) fn account(self, id: AccountId) -> Key {
        self.key(format_args!("acc#{}", id.ulid()), SELF)
    }

    pub(crate) fn domain(self, domain: &Domain) -> Key {
        self.key(format_args!("dom#{domain}"), SELF)
    }

    pub(crate) fn contact(self, id: ContactId) -> Key {
        self.key(format_args!("con#{}", id.ulid()), SELF)
    }

    fn in_contact(self, id: ContactId, sk: impl Into<String>) -> Key {
        self.key(format_args!("con#{}", id.ulid()), sk)
    }

    pub(crate) fn grant(self, contact: ContactId, document: DocumentId) -> Key {
        self.in_contact(contact, format!("grt#{document}"))
    }

    pub(crate) fn request(self, contact: ContactId, id: RequestId) -> Key {
        self.in_contact(contact, format!("req#{id}"))
    }

    /// Where a contact without an account would find one: nowhere.
    pub(crate) fn no_account(self) -> Key {
        self.key("acc", SELF)
    }

    pub(crate) fn acceptance(self, contact: ContactId, version: u32) -> Key {
        self.in_contact(contact, format!("nda#{version:06}"))
    }

    pub(crate) fn invitation(self, contact: ContactId, id: InvitationId) -> Key {
        self.in_contact(contact, format!("inv#{id}"))
    }

    pub(crate) fn device(self, contact: ContactId, sha: &str) -> Key {
        self.in_contact(contact, format!("dev#{sha}"))
    }

    /// How many views a browser or session was counted for; apart from what decisions read, so
    /// that counting never cancels one.
    pub(crate) fn views(self, viewer: Object) -> Key {
        self.key(format_args!("seen#{viewer}"), SELF)
    }

    pub(crate) fn request_locator(self, id: RequestId) -> Key {
        self.key(format_args!("req#{}", id.ulid()), SELF)
    }

    pub(crate) fn file_locator(self, id: FileId) -> Key {
        self.key(format_args!("fil#{}", id.ulid()), SELF)
    }

    /// The lock on an address in the trust center; a vault's contacts will have its id as scope.
    pub(crate) fn address(self, email: &Email) -> Key {
        self.key(format_args!("mail#trust#{email}"), SELF)
    }

    pub(crate) fn list_row(self, list: &str, ulid: Ulid) -> Key {
        self.key(format_args!("list#{list}"), ulid.to_string())
    }

    pub(crate) fn list(self, list: &str) -> String {
        format!("{}#list#{list}", self.0.ulid())
    }

    pub(crate) fn list_group(self, list: &str, group: &str) -> String {
        format!("{}#list#{list}#{group}", self.0.ulid())
    }

    pub(crate) fn word_row(self, list: &str, word: &str, ulid: Ulid) -> Key {
        Key::new(self.words(list, word), word_place(word, ulid))
    }

    /// Where everything of a list lies whose word begins as `word` does; two letters spread it.
    pub(crate) fn words(self, list: &str, word: &str) -> String {
        let head: String = word.chars().take(domain::words::WORD_CHARS_MIN).collect();
        format!("{}#word#{list}#{head}", self.0.ulid())
    }

    /// What search shows of a contact.
    pub(crate) fn indexed(self, id: ContactId) -> Key {
        self.key(format_args!("words#{}", id.ulid()), SELF)
    }

    /// The inverted index: everything about one object.
    pub(crate) fn about(self, object: Object) -> String {
        format!("{}#obj#{object}", self.0.ulid())
    }

    /// The index of deeds: every line whose actor is one member or contact.
    pub(crate) fn deeds_of(self, actor: Object) -> String {
        format!("{}#actor#{actor}", self.0.ulid())
    }

    pub(crate) fn challenge(self, id: ChallengeId) -> Key {
        self.key(format_args!("chl#{}", id.ulid()), SELF)
    }

    pub(crate) fn standing(self, hash: &str) -> Key {
        self.key(format_args!("std#{hash}"), SELF)
    }

    pub(crate) fn budget(self, hash: &str) -> Key {
        self.key(format_args!("bud#{hash}"), SELF)
    }

    pub(crate) fn outbox(self, mail: MailId) -> Key {
        self.key(format_args!("out#{}", mail.ulid()), SELF)
    }

    pub(crate) fn suppression(self, email: &Email) -> Key {
        self.key(format_args!("sup#{email}"), SELF)
    }

    pub(crate) fn task(self, work: &str) -> Key {
        self.key(format_args!("task#{work}"), SELF)
    }

    /// Where nothing ever lies.
    pub(crate) fn nothing(self, token: &str, number: usize) -> Key {
        self.key(format_args!("none#{token}"), format!("{number:03}"))
    }

    pub(crate) fn idempotency(self, actor: &str, key: &str) -> Key {
        self.key(format_args!("idem#{actor}#{key}"), SELF)
    }
}
