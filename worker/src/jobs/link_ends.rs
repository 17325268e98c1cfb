//! Ends of guest links, and lapses of the plan that holds them. Readers judge both themselves, so
//! that nothing here opens or shuts anything: whoever made a link hears what became of it.

use std::collections::BTreeMap;

use app::house::audit::by_rule;
use app::linking::news_of;
use domain::access::{Gate, gate};
use domain::activity::{Activity, Detail};
use domain::expiry::Milestone;
use domain::grant::Grant;
use domain::id::{DocumentId, Id, LinkId};
use domain::link::{Life, Link, Pause, State};
use domain::outbox::Mail;
use domain::outbox::link_news::LinkNews;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::activities::Home;
use store::links::{Along, Linked};
use store::lists::{DocumentRow, List};
use store::{Store, StoreError};

use crate::jobs::endings::{answerable, owe_once};
use crate::jobs::slices::{SLICE, page_after};
use crate::{Deed, LOOKS_MAX, Worker};

/// Links of one document that one read finds, and reads at the most.
const LINKS_AT_ONCE: usize = 100;
const PAGES_MAX: usize = 100;

impl Worker {
    /// Records what has come of the end of a link, and owes whoever made it the news.
    pub(crate) async fn tell_of_link(
        &self,
        store: &Store,
        (document, id): (DocumentId, LinkId),
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let seen = store.whole_link(document, id, Along::default()).await?;
            let Some(seen) = seen else { return Ok(Deed::Nothing) };
            let Some(milestone) = seen.link.milestone(now) else { return Ok(Deed::Nothing) };
            let after = seen.link.clone().told(now);
            let (verb, detail) = match milestone {
                Milestone::Over => ("links.expire", Detail::None),
                _ => ("links.warn", Detail::Plain(json!({ "ends": milestone }))),
            };
            let mut change = self.change(store);
            change.save_link(&after)?;
            let line = by_rule(&self.house, verb, id, after.version, now);
            change.audit(Home::Document(document), &Activity { detail, ..line })?;
            if let Some(mail) = news(&seen, milestone, now) {
                owe_once(store, &mut change, &mail).await?;
            }
            match change.commit().await {
                // Given another end this instant, or deactivated.
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    /// Tells whoever made a link that opens to anybody, among those of a slice of the library, that
    /// the plan holds none since the company's `version`; and where the next slice begins.
    pub(crate) async fn tell_of_lapse(
        &self,
        store: &Store,
        version: u64,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let tenant = store.own_tenant().await?;
        // Renewed since, and perhaps lapsed again: that one is told by a walk of its own.
        if tenant.is_none_or(|tenant| tenant.plan.public_links) {
            return Ok(None);
        }
        let rows: Vec<DocumentRow> =
            store.list_by_creation(List::Documents, None, &page_after(place)).await?;
        for row in &rows {
            self.tell_makers(store, row.id, version, now).await?;
        }
        Ok(rows.get(SLICE - 1).map(|last| last.id.ulid().to_string()))
    }

    /// Tells whoever made a link to `document` that opens to anybody, each once a lapse.
    async fn tell_makers(
        &self,
        store: &Store,
        document: DocumentId,
        version: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (mut after, mut makers) = (None, BTreeMap::new());
        for _ in 0..PAGES_MAX {
            let links = store.links_of(document, after, LINKS_AT_ONCE).await?;
            after = links.last().map(|link| link.id);
            let is_last = links.len() < LINKS_AT_ONCE;
            let open = links.into_iter().filter(|link| was_open(link, now));
            makers.extend(open.map(|link| (link.maker_id, link)));
            if is_last {
                break;
            }
        }
        for link in makers.values() {
            let mut change = self.change(store);
            change.owe(&news_of(link, LinkNews::Lapsed { version }, now))?;
            match change.commit().await {
                // Told because of a link to another document.
                Err(StoreError::Lost(_)) => {}
                done => done?,
            }
        }
        Ok(())
    }
}

/// Whether `link` opened to anybody as long as the plan held it.
fn was_open(link: &Link, now: Timestamp) -> bool {
    let is_over = link.expiry.as_ref().is_some_and(|expiry| expiry.is_over(now));
    link.audience.is_public() && link.state == State::Active && !is_over
}

/// The mail about the end of a link; none where it opens nothing anyway, nor where its maker hears
/// of the access that ends with it.
fn news(seen: &Linked, milestone: Milestone, now: Timestamp) -> Option<Mail> {
    let ends_at = seen.link.expiry.as_ref()?.at;
    let ends_with_it = seen.grant.as_ref().filter(|grant| grant.ends_at() == Some(ends_at));
    let is_open = match (milestone, seen.link.life(&seen.around(), now)) {
        (Milestone::Over, Life::Inactive(Pause::Over)) => true,
        (Milestone::Over, Life::Inactive(Pause::GrantOver)) => ends_with_it.is_some(),
        (Milestone::Over, _) => false,
        (_, life) => life == Life::Open,
    };
    if !is_open || ends_with_it.is_some_and(|grant| is_told_to_maker(seen, grant, ends_at)) {
        return None;
    }
    let news = LinkNews::Ending { link_id: seen.link.id, ends_at, milestone };
    let mail = news_of(&seen.link, news, now);
    Some(if milestone == Milestone::Over { mail } else { Mail { expires_at: ends_at, ..mail } })
}

/// Whether the end of `grant` is told by itself, and to whoever made the link: only the portal's
/// gate is asked there, and a link opens to contacts whom nobody reviewed.
fn is_told_to_maker(seen: &Linked, grant: &Grant, ends_at: Timestamp) -> bool {
    let Some(contact) = &seen.contact else { return false };
    let before = ends_at - SignedDuration::from_nanos(1);
    gate(contact, seen.account.as_ref(), before) == Gate::Open
        && grant.epoch == contact.grant_epoch
        && answerable(grant, contact) == Some(seen.link.maker_id)
}
