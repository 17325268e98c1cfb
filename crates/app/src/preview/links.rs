//! What becomes of guest links, told in a preview.

use domain::link::{Around, Audience, Life, Link};
use jiff::Timestamp;

use crate::preview::compare::{Change, Effect};
use crate::preview::scene::Scene;

/// What differs about guest links between `before` and `after` at `now`.
pub(crate) fn links(before: &Scene, after: &Scene, now: Timestamp, effects: &mut Vec<Effect>) {
    for (id, link) in &after.links {
        let Some(is) = life(after, link, now) else { continue };
        let (link_id, document_id) = (*id, link.document_id);
        let what = named(after, link);
        let Some(old) = before.links.get(id) else {
            let says = format!("{what} is made; nobody is mailed.");
            effects.push(Effect { change: Change::LinkMade { link_id, document_id }, says });
            continue;
        };
        let Some(was) = life(before, old, now) else { continue };
        let (change, says) = match (was, is) {
            (was, Life::Gone) if was != Life::Gone => {
                let says = format!("{what} is closed for good.");
                (Change::LinkCloses { link_id, document_id }, says)
            }
            (Life::Open, Life::Inactive(_)) => {
                let says = format!("{what} stops opening; it can be activated again.");
                (Change::LinkStops { link_id, document_id }, says)
            }
            (Life::Inactive(_) | Life::Gone, Life::Open) => {
                let says = format!("{what} opens again, at the same address.");
                (Change::LinkOpens { link_id, document_id }, says)
            }
            _ if old.generation < link.generation => {
                let says = format!("{what} gets another address; the old one opens nothing.");
                (Change::LinkReplaced { link_id, document_id }, says)
            }
            _ => continue,
        };
        effects.push(Effect { change, says });
    }
}

/// Whether a link opens in a scene, if everything that says so is in it.
fn life(scene: &Scene, link: &Link, now: Timestamp) -> Option<Life> {
    let folder = link.contact_id.and_then(|id| scene.folders.get(&id));
    if link.contact_id.is_some() && folder.is_none() {
        return None;
    }
    let contact = folder.map(|folder| &folder.contact);
    let of_document = |grant: &&domain::grant::Grant| grant.document_id == link.document_id;
    let around = Around {
        tenant: scene.tenant.as_ref()?,
        document: scene.documents.get(&link.document_id)?,
        contact,
        account: contact.and_then(|contact| scene.account_of(contact)),
        grant: folder.and_then(|folder| folder.grants.iter().find(of_document)),
    };
    Some(link.life(&around, now))
}

/// A link as a sentence begins with it.
fn named(scene: &Scene, link: &Link) -> String {
    let document = scene.documents.get(&link.document_id);
    let title = document.map_or_else(String::new, |document| document.title.to_string());
    let contact = link.contact_id.and_then(|id| scene.folders.get(&id));
    match (link.audience, contact) {
        (_, Some(folder)) => format!("The link of {} to “{title}”", folder.contact.full_name()),
        (Audience::PublicSame | Audience::PublicChild, None) => {
            format!("The link that opens “{title}” to anybody")
        }
        (Audience::Contact | Audience::Undefined, None) => {
            format!("The link to “{title}” that waits for its person")
        }
    }
}
