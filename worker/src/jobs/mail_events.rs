//! What the mail service tells about mails that left: how far each came, and addresses that must
//! not be mailed any more.

use domain::email::Email;
use domain::id::{Id, MailId, TenantId};
use domain::outbox::{Closed, News, Suppression};
use jiff::Timestamp;
use mail::events::{Event, What};
use serde_json::{Value, json};
use store::{Store, StoreError};
use ulid::Ulid;

use crate::{Deed, LOOKS_MAX, Worker};

/// The tag by which news of a mail finds its row again; its characters are those a tag may hold.
pub(crate) fn tag(tenant: TenantId, mail: MailId) -> String {
    format!("{}-{}", tenant.ulid(), mail.ulid())
}

fn untagged(tag: &str) -> Option<(TenantId, MailId)> {
    let (tenant, mail) = tag.split_once('-')?;
    let (tenant, mail) = (Ulid::from_string(tenant).ok()?, Ulid::from_string(mail).ok()?);
    Some((TenantId::from_ulid(tenant), MailId::from_ulid(mail)))
}

/// The news of mails in what woke the function: published by SES through `EventBridge`, or in the
/// messages of an SNS topic. `None` if it is neither; what tells nothing is left out.
#[must_use]
pub fn news_in(event: &Value) -> Option<Vec<Event>> {
    if event.get("source") == Some(&json!("aws.ses")) {
        return Some(event.get("detail").and_then(mail::events::read).into_iter().collect());
    }
    let records = event.get("Records")?.as_array()?;
    let messages: Option<Vec<Value>> = records
        .iter()
        .map(|record| {
            let message = record.pointer("/Sns/Message")?.as_str()?;
            serde_json::from_str(message).ok()
        })
        .collect();
    Some(messages?.iter().filter_map(mail::events::read).collect())
}

impl Worker {
    /// Keeps what the mail service tells of a mail. Telling it twice changes nothing.
    ///
    /// # Errors
    /// As the table's; whoever tells tells again.
    pub async fn hear(&self, event: &Event) -> Result<Deed, StoreError> {
        let Some((tenant, id)) = untagged(&event.tag) else {
            tracing::warn!("the mail service tells of a mail that is not ours");
            return Ok(Deed::Nothing);
        };
        let (store, now) = (self.house.table.tenant(tenant), self.house.clock.now());
        let news = match event.what {
            What::Delivered => News::Delivered,
            What::BouncedForGood | What::BouncedForNow => News::Bounced,
            What::Complained => News::Complained,
            What::Rejected => News::Rejected,
        };
        let closed = match event.what {
            What::BouncedForGood => Some(Closed::Bounce),
            What::Complained => Some(Closed::Complaint),
            What::Delivered | What::BouncedForNow | What::Rejected => None,
        };
        if let Some(because) = closed {
            let why = Suppression { because, mail_id: id, at: now, lifted_at: None };
            self.close(&store, &event.recipients, &why).await?;
        }
        self.settle_by_news(&store, id, news, now).await
    }

    /// Stops mail to `addresses`.
    async fn close(
        &self,
        store: &Store,
        addresses: &[String],
        why: &Suppression,
    ) -> Result<(), StoreError> {
        for address in addresses {
            let Ok(email) = address.parse::<Email>() else { continue };
            // Told twice, the first telling stands: a lifted suppression must not come back.
            let known = store.newest_suppression(&email).await?;
            if known.is_some_and(|known| known.mail_id == why.mail_id) {
                continue;
            }
            let mut change = self.change(store);
            change.suppress(&email, why)?;
            change.commit().await?;
        }
        Ok(())
    }

    async fn settle_by_news(
        &self,
        store: &Store,
        id: MailId,
        news: News,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(mail) = store.mail(id).await? else { return Ok(Deed::Nothing) };
            let purpose = mail.purpose.as_str();
            let Some(mail) = mail.heard(news, now) else { return Ok(Deed::Nothing) };
            let mut change = self.change(store);
            change.save_mail(&mail)?;
            match change.commit().await {
                // The try that it is about was settled this instant.
                Err(StoreError::Lost(_)) => {}
                done => {
                    tracing::info!(mail.id = %id, purpose, state = ?mail.state, "news of a mail");
                    return done.map(|()| Deed::Done);
                }
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_comes_by_either_way_and_nothing_else_is_news() {
        let told = json!({
            "eventType": "Reject",
            "mail": { "tags": { "outbox": ["a-b"] } },
            "reject": {},
        });
        let by_bus =
            json!({ "source": "aws.ses", "detail-type": "Email Rejected", "detail": told });
        let record = json!({ "EventSource": "aws:sns", "Sns": { "Message": told.to_string() } });
        let by_topic = json!({ "Records": [record] });
        for event in [by_bus, by_topic] {
            assert_eq!(news_in(&event).unwrap()[0].tag, "a-b");
        }
        let silent = json!({ "source": "aws.ses", "detail": { "eventType": "Send" } });
        assert_eq!(news_in(&silent), Some(Vec::new()));
        for event in [json!({}), json!({ "Records": [{ "eventSource": "aws:dynamodb" }] })] {
            assert_eq!(news_in(&event), None);
        }
    }

    #[test]
    fn a_tag_leads_back_to_its_mail_and_others_lead_nowhere() {
        let tenant = TenantId::from_ulid(Ulid::from_parts(1, 2));
        let mail = MailId::from_ulid(Ulid::from_parts(3, 4));
        assert_eq!(untagged(&tag(tenant, mail)), Some((tenant, mail)));
        for other in ["", "-", "out_1", "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"] {
            assert_eq!(untagged(other), None);
        }
    }
}
