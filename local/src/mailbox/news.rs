//! What SES would tell about a mail: that it was delivered, or for the addresses of SES's own mailbox
//! simulator that it bounced or was complained about, in the JSON of its event publishing.

use serde_json::{Value, json};

use crate::mailbox::Mail;

/// The domain of SES's mailbox simulator (SES developer guide, "Using the mailbox simulator").
const SIMULATOR: &str = "@simulator.amazonses.com";

/// The events about one mail, in the order of time.
pub(crate) fn news_of(mail: &Mail) -> Vec<Value> {
    let begins = |word: &str| {
        let is_met = |to: &&String| to.ends_with(SIMULATOR) && to.starts_with(word);
        mail.to.iter().find(is_met)
    };
    if let Some(address) = begins("bounce") {
        let recipients = json!([{ "emailAddress": address }]);
        let bounce = json!({ "bounceType": "Permanent", "bouncedRecipients": recipients });
        return vec![event(mail, "Bounce", "bounce", &bounce)];
    }
    let mut news = vec![event(mail, "Delivery", "delivery", &json!({ "recipients": mail.to }))];
    if let Some(address) = begins("complaint") {
        let complaint = json!({ "complainedRecipients": [{ "emailAddress": address }] });
        news.push(event(mail, "Complaint", "complaint", &complaint));
    }
    news
}

fn event(mail: &Mail, kind: &str, field: &str, told: &Value) -> Value {
    let tags: serde_json::Map<String, Value> =
        mail.tags.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    json!({
        "eventType": kind,
        "mail": {
            "timestamp": mail.sent_at,
            "messageId": mail.id,
            "destination": mail.to,
            "tags": tags,
        },
        field: told,
    })
}
