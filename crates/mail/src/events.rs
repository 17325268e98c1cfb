//! What SES tells about a mail that it took: its event publishing, in JSON as `EventBridge` and SNS
//! carry it (SES developer guide, "Contents of event data").

use serde::Deserialize;
use serde_json::Value;

use crate::mailer::TAG_NAME;

/// News of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The tag that [`crate::mailer::Mailer::send`] was given.
    pub tag: String,
    /// What became of the mail.
    pub what: What,
    /// Whom it is about, as SES writes their addresses.
    pub recipients: Vec<String>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The reader's mail server took it.
    Delivered,
    /// The reader's mail server refused it, and will refuse the next one too.
    BouncedForGood,
    /// The reader's mail server refused it for now, and SES gave up.
    BouncedForNow,
    /// The reader called it unwanted.
    Complained,
    /// SES will not send it.
    Rejected,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    delivery: Option<Delivery>,
}

#[derive(Deserialize)]
struct Mail {
    #[serde(default)]
    tags: std::collections::HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    #[serde(default)]
    complained_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Delivery {
    #[serde(default)]
    recipients: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// Reads an event; `None` if it is none, of no mail of ours, or tells nothing that matters: that
/// SES took a mail, or tries again later.
#[must_use]
pub fn read(event: &Value) -> Option<Event> {
    let told = Told::deserialize(event).ok()?;
    let tag = told.mail.tags.get(TAG_NAME)?.first()?.clone();
    let addresses =
        |recipients: Vec<Recipient>| recipients.into_iter().map(|to| to.email_address).collect();
    let (what, recipients) = match told.event_type.as_str() {
        "Delivery" => (What::Delivered, told.delivery?.recipients),
        "Bounce" => {
            let bounce = told.bounce?;
            let for_good = bounce.bounce_type == "Permanent";
            let what = if for_good { What::BouncedForGood } else { What::BouncedForNow };
            (what, addresses(bounce.bounced_recipients))
        }
        "Complaint" => (What::Complained, addresses(told.complaint?.complained_recipients)),
        "Reject" | "Rendering Failure" => (What::Rejected, Vec::new()),
        _ => return None,
    };
    Some(Event { tag, what, recipients })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As the guide's examples, shortened.
    fn told(kind: &str, more: &Value) -> Value {
        let mut event = json!({
            "eventType": kind,
            "mail": {
                "timestamp": "2026-11-22T08:14:00.000Z",
                "messageId": "0100-a",
                "destination": ["maya@northwind.example"],
                "tags": { "outbox": ["T-M"], "ses:configuration-set": ["vestibule"] },
            },
        });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    }

    #[test]
    fn each_kind_of_news_is_read_with_whom_it_is_about() {
        let to = json!([{ "emailAddress": "maya@northwind.example", "status": "5.1.1" }]);
        let bounce =
            |kind: &str| json!({ "bounce": { "bounceType": kind, "bouncedRecipients": to } });
        let cases = [
            (
                told(
                    "Delivery",
                    &json!({ "delivery": { "recipients": ["maya@northwind.example"] } }),
                ),
                What::Delivered,
            ),
            (told("Bounce", &bounce("Permanent")), What::BouncedForGood),
            (told("Bounce", &bounce("Transient")), What::BouncedForNow),
            (told("Bounce", &bounce("Undetermined")), What::BouncedForNow),
            (
                told("Complaint", &json!({ "complaint": { "complainedRecipients": to } })),
                What::Complained,
            ),
        ];
        for (event, what) in cases {
            let read = read(&event).unwrap();
            assert_eq!((read.tag.as_str(), read.what), ("T-M", what));
            assert_eq!(read.recipients, ["maya@northwind.example"]);
        }
        for kind in ["Reject", "Rendering Failure"] {
            let rejected = read(&told(kind, &json!({ "reject": { "reason": "Bad content" } })));
            assert_eq!(rejected.map(|read| read.what), Some(What::Rejected), "{kind}");
        }
    }

    #[test]
    fn what_tells_nothing_is_passed_over() {
        for event in [
            told("Send", &json!({ "send": {} })),
            told("DeliveryDelay", &json!({ "deliveryDelay": {} })),
            told("Bounce", &json!({})),
            json!({ "eventType": "Delivery", "mail": { "tags": {} }, "delivery": {} }),
            json!({ "Records": [] }),
            json!(null),
            json!("Bounce"),
        ] {
            assert_eq!(read(&event), None, "{event}");
        }
    }
}
