//! Ways past the portal: guest links, which open one document to whoever they are for.

use domain::contact::Contact;
use domain::document::{AccessLevel, Document};
use domain::id::{DocumentId, LinkId};
use domain::link::{Audience, Life, Link, Pause, Right, Rights};
use domain::text::Title;
use jiff::Timestamp;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Serialize;
use store::links::{Along, Linked};

use crate::callers::staff::Staff;
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::explain::words::Words;
use crate::guest::rights_of;
use crate::linking::link_resource;

/// Newest links that are looked at, of a contact or of a document.
const LINKS_MAX: usize = 50;

/// A guest link that leads to a document, or would.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LinkWay {
    /// Which link.
    pub link_id: LinkId,
    /// What it opens.
    pub document_id: DocumentId,
    /// How that is called.
    pub title: Title,
    /// For whom it is.
    pub audience: Audience,
    /// Whether it opens now.
    pub opens: bool,
    /// Why it does not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// Whether the agreement must be accepted first: it is asked for, and they did not yet.
    pub needs_nda: bool,
    /// What it allows at the most, once an address is proved.
    pub rights: Rights,
    /// When it ends by itself; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The same in one sentence.
    pub says: String,
}

impl LinkWay {
    /// Whether `action` is done by it now.
    pub(super) fn allows(&self, action: Action) -> bool {
        let right = match action {
            Action::DocumentView => Right::View,
            Action::DocumentDownload => Right::Download,
            Action::DocumentWrite => Right::Write,
            Action::DocumentSign => Right::Sign,
            _ => return false,
        };
        self.opens && !self.needs_nda && self.rights.allows(right)
    }
}

impl Cx<Staff> {
    /// The guest links that are `contact`'s, newest first, as far as whoever asks sees them.
    pub(super) async fn ways_of(&self, contact: &Contact) -> Result<Vec<LinkWay>, Problem> {
        let links = self.store().links_to(contact.id, LINKS_MAX).await?;
        self.ways(links, Some(contact)).await
    }

    /// The guest links that lead to `document`: those of `contact`, if anybody's are asked about,
    /// and those that are nobody's own: public ones, and those that wait for whoever proves an
    /// address.
    pub(super) async fn ways_to(
        &self,
        document: &Document,
        contact: Option<&Contact>,
    ) -> Result<Vec<LinkWay>, Problem> {
        let store = self.store();
        let mut links = match contact {
            Some(contact) => store.links_to(contact.id, LINKS_MAX).await?,
            None => Vec::new(),
        };
        links.retain(|link| link.document_id == document.id);
        let open = store.links_of(document.id, None, LINKS_MAX).await?;
        links.extend(open.into_iter().filter(|link| link.contact_id.is_none()));
        links.sort_by_key(|link| std::cmp::Reverse(link.id));
        self.ways(links, contact).await
    }

    async fn ways(
        &self,
        links: Vec<Link>,
        contact: Option<&Contact>,
    ) -> Result<Vec<LinkWay>, Problem> {
        let (store, words) = (self.store(), Words::new(&self.who.tenant, Vec::new()));
        let mut ways = Vec::new();
        for link in links {
            let along = Along { contact: link.contact_id, ..Along::default() };
            let seen = store.whole_link(link.document_id, link.id, along).await?;
            let seen = seen.filter(|seen| self.may(Action::LinkRead, &link_resource(seen)));
            ways.extend(seen.and_then(|seen| way(&seen, contact, &words, self.now)));
        }
        Ok(ways)
    }
}

/// The link as a way; none, if access by it was closed for good.
fn way(seen: &Linked, contact: Option<&Contact>, words: &Words, now: Timestamp) -> Option<LinkWay> {
    let (link, title) = (&seen.link, &seen.document.title);
    let pause = match seen.link.life(&seen.around(), now) {
        Life::Open => None,
        Life::Inactive(pause) => Some(pause),
        Life::Gone => return None,
    };
    let theirs = contact.filter(|contact| link.contact_id == Some(contact.id));
    let in_force = seen.tenant.nda.as_ref().map(|nda| nda.version);
    let is_accepted = theirs.is_some_and(|contact| contact.accepted_nda == in_force);
    let needs_nda =
        seen.document.access_level == AccessLevel::Nda && in_force.is_some() && !is_accepted;
    let (rights, until) = (rights_of(seen), link.expiry.as_ref().map(|expiry| expiry.at));
    let whom = theirs.map_or_else(|| "anybody who holds it".to_owned(), Contact::full_name);
    let maker = &link.maker_name;
    let says = match pause {
        None => {
            let until = until.map(|at| format!(", until {}", words.moment(at)));
            let until = until.unwrap_or_default();
            let first = if needs_nda { ", once they accept the agreement" } else { "" };
            let what = in_words(&rights);
            format!("A guest link of {maker} opens “{title}” to {whom}, to {what}{until}{first}.")
        }
        Some(pause) => {
            let why = why(pause);
            format!("A guest link of {maker} would open “{title}” to {whom}, but {why}.")
        }
    };
    Some(LinkWay {
        link_id: link.id,
        document_id: link.document_id,
        title: title.clone(),
        audience: link.audience,
        opens: pause.is_none(),
        pause,
        needs_nda,
        rights,
        until,
        says,
    })
}

fn in_words(rights: &Rights) -> String {
    let words = rights.iter().map(|right| match right {
        Right::View => "view",
        Right::Download => "download",
        Right::Write => "write",
        Right::Sign => "sign",
    });
    let words: Vec<&str> = words.collect();
    match words.as_slice() {
        [some @ .., last] if !some.is_empty() => format!("{} and {last}", some.join(", ")),
        _ => words.concat(),
    }
}

fn why(pause: Pause) -> &'static str {
    match pause {
        Pause::Deactivated => "it was deactivated",
        Pause::Over => "its end has passed",
        Pause::Suspended => "the contact or their account is suspended",
        Pause::NotRestored => "it rests since the contact's suspension, until it is activated",
        Pause::GrantOver => "the contact's access to the document has ended",
        Pause::Plan => "the plan holds no links that open to anybody",
    }
}

#[cfg(test)]
mod tests {
    use domain::grant::{Grant, State};

    use super::*;
    use crate::fixtures::{
        NOW, contact, document, ends_in, grant, grant_to_view, id, link, linked, linked_publicly,
        tenant, tenant_with_nda,
    };

    /// The link as a way, as asked about `whom`.
    fn told(seen: &Linked, whom: Option<&Contact>) -> Option<LinkWay> {
        way(seen, whom, &Words::new(&tenant(), Vec::new()), NOW)
    }

    #[test]
    fn a_link_that_opens_says_to_whom_for_what_and_until_when() {
        let maya = contact();
        let own = told(&linked(), Some(&maya)).unwrap();
        assert!(own.opens && !own.needs_nda && own.pause.is_none() && own.until.is_none());
        assert_eq!((own.link_id, own.document_id), (id(6), id(4)));
        assert_eq!(
            own.says,
            "A guest link of Bruno Meier opens “SOC 2” to Maya Lindt, to view, download, write and sign."
        );
        let ending = Link { expiry: Some(ends_in(24)), ..linked_publicly().link };
        let public = told(&Linked { link: ending, ..linked_publicly() }, Some(&maya)).unwrap();
        assert_eq!(public.until, Some(ends_in(24).at));
        assert_eq!(
            public.says,
            "A guest link of Bruno Meier opens “SOC 2” to anybody who holds it, to view, download, \
             write and sign, until 15 September 2026, 02:40 (UTC)."
        );
    }

    #[test]
    fn a_link_that_rests_says_why_and_one_that_is_gone_is_no_way() {
        let paused = told(&Linked { link: link().deactivated(), ..linked() }, None).unwrap();
        assert_eq!((paused.opens, paused.pause), (false, Some(Pause::Deactivated)));
        assert_eq!(
            paused.says,
            "A guest link of Bruno Meier would open “SOC 2” to anybody who holds it, but it was \
             deactivated."
        );
        let closed = Grant { closings: 1, ..grant().ended(State::Removed) };
        assert!(told(&Linked { grant: Some(closed), ..linked() }, None).is_none());
    }

    #[test]
    fn the_agreement_is_needed_where_it_is_asked_for_and_not_accepted_yet() {
        let accepted = Contact { accepted_nda: Some(2), ..contact() };
        let (nda, restricted) = (AccessLevel::Nda, AccessLevel::Restricted);
        for (tenant, level, whom, expected) in [
            (tenant_with_nda(), nda, Some(contact()), true),
            (tenant_with_nda(), nda, None, true),
            (tenant_with_nda(), nda, Some(accepted.clone()), false),
            (tenant_with_nda(), nda, Some(Contact { accepted_nda: Some(1), ..contact() }), true),
            (tenant_with_nda(), nda, Some(Contact { id: id(30), ..accepted }), true),
            (tenant_with_nda(), restricted, Some(contact()), false),
            (tenant(), nda, Some(contact()), false),
        ] {
            let seen = Linked { tenant, document: document(level), ..linked() };
            let way = told(&seen, whom.as_ref()).unwrap();
            assert_eq!(way.needs_nda, expected, "{whom:?}");
            assert_eq!(way.says.contains("once they accept the agreement"), expected);
        }
    }

    #[test]
    fn a_way_allows_what_its_rights_do_while_it_opens() {
        let with = |opens, needs_nda, grant| {
            let way = told(&Linked { grant: Some(grant), ..linked() }, None).unwrap();
            let way = LinkWay { opens, needs_nda, ..way };
            [
                Action::DocumentView,
                Action::DocumentDownload,
                Action::DocumentWrite,
                Action::DocumentSign,
                Action::DocumentRead,
            ]
            .map(|action| way.allows(action))
        };
        assert_eq!(with(true, false, grant()), [true, true, true, true, false]);
        assert_eq!(with(true, false, grant_to_view()), [true, false, true, true, false]);
        assert_eq!(with(true, true, grant()), [false; 5]);
        assert_eq!(with(false, false, grant()), [false; 5]);
    }

    #[test]
    fn rights_and_pauses_are_told_in_words() {
        let words = |rights: Vec<Right>| in_words(&rights.try_into().unwrap());
        assert_eq!(words(vec![Right::View]), "view");
        assert_eq!(words(vec![Right::View, Right::Sign]), "view and sign");
        for (pause, expected) in [
            (Pause::Deactivated, "it was deactivated"),
            (Pause::Over, "its end has passed"),
            (Pause::Suspended, "the contact or their account is suspended"),
            (Pause::NotRestored, "it rests since the contact's suspension, until it is activated"),
            (Pause::GrantOver, "the contact's access to the document has ended"),
            (Pause::Plan, "the plan holds no links that open to anybody"),
        ] {
            assert_eq!(why(pause), expected);
        }
    }
}
