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

#[cfg(test)]
mod tests {
    use domain::grant::State;

    use super::*;
    use crate::fixtures::{NOW, ends_in, id, link, public_link};

    /// What is told of the link once `changed`.
    fn told(before: &Scene, changed: impl FnOnce(&mut Scene)) -> Vec<(Change, String)> {
        let (mut after, mut effects) = (before.clone(), Vec::new());
        changed(&mut after);
        links(before, &after, NOW, &mut effects);
        effects.into_iter().map(|effect| (effect.change, effect.says)).collect()
    }

    fn with(link: Link) -> Scene {
        Scene { links: [(link.id, link)].into(), ..Scene::sample() }
    }

    #[test]
    fn what_becomes_of_a_link_is_told_in_its_own_word() {
        let (link_id, document_id) = (id(6), id(4));
        let of = "The link of Maya Lindt to “SOC 2”";
        let (open, shut) = (with(link()), with(link().deactivated()));
        let set = |link: Link| move |scene: &mut Scene| drop(scene.links.insert(id(6), link));
        assert_eq!(told(&open, |_| {}), []);
        assert_eq!(
            told(&open, set(link().deactivated())),
            [(
                Change::LinkStops { link_id, document_id },
                format!("{of} stops opening; it can be activated again.")
            )]
        );
        assert_eq!(
            told(&shut, set(link())),
            [(
                Change::LinkOpens { link_id, document_id },
                format!("{of} opens again, at the same address.")
            )]
        );
        assert_eq!(
            told(&open, set(link().replaced())),
            [(
                Change::LinkReplaced { link_id, document_id },
                format!("{of} gets another address; the old one opens nothing.")
            )]
        );
        let none = Scene { links: [].into(), ..Scene::sample() };
        assert_eq!(
            told(&none, set(link())),
            [(
                Change::LinkMade { link_id, document_id },
                format!("{of} is made; nobody is mailed.")
            )]
        );
    }

    #[test]
    fn closing_what_it_is_judged_by_closes_a_link_for_good_and_once() {
        let (link_id, document_id) = (id(6), id(4));
        let take_back = |scene: &mut Scene| {
            let folder = scene.folders.get_mut(&id(3)).unwrap();
            folder.grants[0] = folder.grants[0].clone().ended(State::Removed);
        };
        let says = "The link of Maya Lindt to “SOC 2” is closed for good.".to_owned();
        let closes = (Change::LinkCloses { link_id, document_id }, says);
        let closes = [closes];
        for before in [with(link()), with(link().deactivated())] {
            assert_eq!(told(&before, take_back), closes);
        }
        let mut gone = with(link());
        take_back(&mut gone);
        assert_eq!(told(&gone, |_| {}), []);
    }

    #[test]
    fn of_a_link_that_rests_another_reason_is_no_news() {
        let shut = with(link().deactivated());
        let over = Link { expiry: Some(ends_in(-1)), ..link() };
        assert_eq!(told(&shut, |scene| drop(scene.links.insert(id(6), over))), []);
    }

    #[test]
    fn a_link_is_judged_only_where_all_that_says_so_is_in_the_picture() {
        let sample = Scene::sample();
        let known = |scene: &Scene| life(scene, &link(), NOW);
        assert_eq!(known(&sample), Some(Life::Open));
        for lacking in [
            Scene { folders: [].into(), ..sample.clone() },
            Scene { documents: [].into(), ..sample.clone() },
            Scene { tenant: None, ..sample.clone() },
        ] {
            assert_eq!(known(&lacking), None);
        }
        let nobody = Scene { folders: [].into(), ..sample.clone() };
        assert_eq!(life(&nobody, &public_link(), NOW), Some(Life::Open), "it is nobody's");
        let mut elsewhere = sample;
        elsewhere.folders.get_mut(&id(3)).unwrap().grants[0].document_id = id(40);
        assert_eq!(known(&elsewhere), Some(Life::Gone), "another document's grant is none");
    }

    #[test]
    fn a_link_is_called_by_whom_it_is_for() {
        let called = |link: &Link| named(&Scene::sample(), link);
        let waiting = Link { contact_id: None, audience: Audience::Undefined, ..link() };
        let copying = Link { audience: Audience::PublicChild, ..public_link() };
        assert_eq!(called(&link()), "The link of Maya Lindt to “SOC 2”");
        assert_eq!(called(&waiting), "The link to “SOC 2” that waits for its person");
        for public in [public_link(), copying] {
            assert_eq!(called(&public), "The link that opens “SOC 2” to anybody");
        }
    }
}
