//! What is shared with whom, and who asks for what.

use app::sharing::arrival::NOTICE_LIFE;
use app::sharing::invite::{Occasion, invite};
use domain::activity::{Actor, Detail, Object};
use domain::contact::Contact;
use domain::expiry::{Expiry, When};
use domain::grant::{Grant, Right, Rights};
use domain::id::DocumentId;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::request::{ANSWER_LIFE, Asked, Request};
use domain::tenant::Zone;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;

use crate::demo::DemoError;
use crate::demo::library::Library;
use crate::demo::outsiders::People;
use crate::demo::place::Place;
use crate::demo::words::word;

/// Days until the one share with an end is over.
const SHARE_DAYS: i64 = 20;

/// Shares, asks, and mails what a visitor can try first.
pub(super) async fn lay_out(
    place: &mut Place,
    papers: &Library,
    people: &People,
) -> Result<(), DemoError> {
    let end = When::Instant(place.began_at + SignedDuration::from_hours(24 * SHARE_DAYS));
    let soon = end.ends(&Zone::default(), place.began_at).ok();
    share(place, &people.maya, papers.attestation, 33, None).await?;
    share(place, &people.maya, papers.continuity_plan, 33, None).await?;
    share_for_reading(place, &people.maya, papers.incident_plan, 32).await?;
    share(place, &people.daniel, papers.continuity_plan, 29, soon).await?;
    share(place, &people.hanne, papers.penetration_test, 23, None).await?;
    share(place, &people.hanne, papers.attestation, 23, None).await?;
    share(place, &people.amara, papers.incident_plan, 14, None).await?;

    let both = vec![papers.attestation, papers.penetration_test];
    let reason = "Our yearly review of suppliers that hold personal data.";
    ask(place, &people.jonas, ("Contoso", reason), both, 3).await?;
    let plans = vec![papers.continuity_plan, papers.incident_plan];
    let reason = "We compare three suppliers for our new intranet.";
    ask(place, &people.selin, ("Globex", reason), plans, 1).await?;

    let audit = vec![papers.attestation, papers.continuity_plan, papers.incident_plan];
    let reason = "External audit of the group, second half of the year.";
    let request = ask(place, &people.ruben, ("Globex", reason), audit, 11).await?;
    review(place, &request, 10).await?;
    let reason = "Security questionnaire of a customer of ours.";
    let request =
        ask(place, &people.priya, ("Globex", reason), vec![papers.penetration_test], 5).await?;
    question(place, &people.priya, &request).await?;
    let_in(place, &people.maya).await
}

/// Shares a document that may be read page by page, and not taken along.
async fn share_for_reading(
    place: &mut Place,
    contact: &Contact,
    document_id: DocumentId,
    days_ago: i64,
) -> Result<(), DemoError> {
    let rights = Rights::try_from(vec![Right::View]).unwrap_or_default();
    grant(place, contact, document_id, days_ago, (rights, None)).await
}

async fn share(
    place: &mut Place,
    contact: &Contact,
    document_id: DocumentId,
    days_ago: i64,
    expiry: Option<Expiry>,
) -> Result<(), DemoError> {
    grant(place, contact, document_id, days_ago, (Rights::default(), expiry)).await
}

async fn grant(
    place: &mut Place,
    contact: &Contact,
    document_id: DocumentId,
    days_ago: i64,
    (rights, expiry): (Rights, Option<Expiry>),
) -> Result<(), DemoError> {
    let (at, by) = (place.ago(days_ago, 1), place.staff.manager);
    let grant = Grant {
        rights,
        expiry,
        granted_by: Some(by),
        ..Grant::new(contact, document_id, None, || place.id(at), at)
    };
    let detail = Detail::Plain(json!({
        "deed": "share",
        "document_id": grant.document_id,
        "rights": grant.rights,
        "expires_at": grant.ends_at(),
    }));
    let verb = "contacts.share";
    let mut line = place.line(Actor::Member(by), verb, (grant.id, 1), detail, at);
    line.about = Some(Object::Document(document_id));
    let mut change = place.change();
    change.save_grant(&grant)?;
    change.audit(Home::Contact(contact.id), &line)?;
    place.put(change).await
}

async fn ask(
    place: &mut Place,
    contact: &Contact,
    (company, reason): (&str, &str),
    documents: Vec<DocumentId>,
    days_ago: i64,
) -> Result<Request, DemoError> {
    let at = place.ago(days_ago, 0);
    let job_title = contact.job_title.clone();
    let asked = Asked {
        company: word(company)?,
        job_title: job_title.map_or_else(|| word("Auditor"), Ok)?,
        reason: word(reason)?,
        documents,
    };
    let request = Request::new(place.id(at), contact.id, asked, at);
    let values = json!({
        "name": contact.full_name(),
        "company": request.company,
        "job_title": request.job_title,
        "reason": request.reason,
        "document_ids": request.open_documents().collect::<Vec<_>>(),
    });
    let detail = place.personal(contact, &values);
    let line = place.line(Actor::Anyone, "trust.request", (request.id, 1), detail, at);
    let purpose = Purpose::RequestReceived { contact_id: contact.id, request_id: request.id };
    let now = place.began_at;
    let mut change = place.change();
    change.create_request(&request, contact)?;
    change.audit(Home::Contact(contact.id), &line)?;
    change.owe(&Mail::new(purpose, now, now + NOTICE_LIFE))?;
    place.put(change).await?;
    Ok(request)
}

async fn review(place: &mut Place, request: &Request, days_ago: i64) -> Result<(), DemoError> {
    let (at, by) = (place.ago(days_ago, 5), place.staff.manager);
    let before = request.status;
    let request = request.clone().start_review(by, at).map_err(refused)?;
    let detail = Detail::Plain(json!({ "status": [before, request.status] }));
    let what = (request.id, request.version);
    let line = place.line(Actor::Member(by), "requests.start_review", what, detail, at);
    let mut change = place.change();
    change.save_request(&request)?;
    change.audit(Home::Contact(request.contact_id), &line)?;
    place.put(change).await
}

async fn question(
    place: &mut Place,
    contact: &Contact,
    request: &Request,
) -> Result<(), DemoError> {
    let (at, by) = (place.ago(0, 2), place.staff.manager);
    let text = word("Which of your customers is this for? We agree on each by name.")?;
    let before = request.status;
    let request = request.clone().ask(text, contact.epoch, by, at).map_err(refused)?;
    let detail = Detail::Plain(json!({ "status": [before, request.status] }));
    let what = (request.id, request.version);
    let line = place.line(Actor::Member(by), "requests.ask", what, detail, at);
    let purpose = Purpose::Question { contact_id: contact.id, request_id: request.id, round: 0 };
    let now = place.began_at;
    let mut change = place.change();
    change.save_request(&request)?;
    change.audit(Home::Contact(contact.id), &line)?;
    change.owe(&Mail::new(purpose, now, now + ANSWER_LIFE))?;
    place.put(change).await
}

/// Mails a magic link, so that the mailbox holds a way in from the start.
async fn let_in(place: &mut Place, contact: &Contact) -> Result<(), DemoError> {
    if contact.version != 1 {
        // An earlier try sent it.
        return Ok(());
    }
    let (at, by) = (place.began_at, Actor::Member(place.staff.manager));
    let sent = Contact { version: contact.version + 1, ..contact.clone() };
    let what = (contact.id, sent.version);
    let line = place.line(by, "contacts.magic_link", what, Detail::None, at);
    let mut change = place.change();
    change.save_contact(&sent)?;
    change.audit(Home::Contact(contact.id), &line)?;
    invite(&place.house, &mut change, contact, Occasion::Sent, at)?;
    place.put(change).await
}

fn refused(error: impl std::error::Error) -> DemoError {
    DemoError::Refused(error.to_string())
}
