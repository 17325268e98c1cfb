//! Companies and people outside: some let in, some waiting, some shut out.

use domain::account::Account;
use domain::activity::{Actor, Detail};
use domain::contact::{Contact, ReviewStatus};
use domain::email::{Domain, Email};
use domain::text::PersonName;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use store::lists::ContactRow;

use crate::demo::DemoError;
use crate::demo::place::Place;
use crate::demo::words::word;

use Owner::{Manager, Nobody, Representative};
use ReviewStatus::{Approved, Cancelled, InReview, ToReview};

/// Name, domain, status, and whether its people are let in on arrival.
const COMPANIES: [(&str, &str, ReviewStatus, Arrival); 4] = [
    ("Initech", "initech.example", Approved, Arrival::LetIn),
    ("Contoso", "contoso.example", Approved, Arrival::Reviewed),
    ("Globex", "globex.example", ToReview, Arrival::Reviewed),
    ("Umbrella", "umbrella.example", Cancelled, Arrival::Reviewed),
];

/// What happens to people of a company who were never reviewed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    LetIn,
    Reviewed,
}

/// Who looks after somebody.
#[derive(Clone, Copy)]
enum Owner {
    Manager,
    Representative,
    Nobody,
}

/// Somebody, as the demo knows them.
struct Outsider {
    first_name: &'static str,
    last_name: &'static str,
    domain: &'static str,
    job_title: &'static str,
    status: ReviewStatus,
    owner: Owner,
    days_ago: i64,
}

const PEOPLE: [Outsider; 12] = [
    person("Maya", "Lindqvist", "initech.example", "Head of Security", Approved, Manager, 34),
    person("Daniel", "Okoro", "initech.example", "Vendor risk analyst", Approved, Manager, 30),
    person("Edith", "Falk", "initech.example", "Procurement", InReview, Manager, 27),
    person("Hanne", "Bakker", "contoso.example", "Security engineer", Approved, Representative, 24),
    person("Jonas", "Veit", "contoso.example", "Data protection officer", ToReview, Nobody, 3),
    person("Lucia", "Santoro", "contoso.example", "Consultant", Cancelled, Representative, 21),
    person("Priya", "Nambiar", "globex.example", "Compliance lead", InReview, Nobody, 6),
    person("Ruben", "Kallio", "globex.example", "IT auditor", InReview, Manager, 12),
    person("Selin", "Mutlu", "globex.example", "Buyer", ToReview, Nobody, 1),
    person("Tomasz", "Wrona", "umbrella.example", "Researcher", Cancelled, Manager, 19),
    person(
        "Amara",
        "Owusu",
        "fabrikam.example",
        "Chief information officer",
        Approved,
        Representative,
        15,
    ),
    person("Owen", "Brackett", "northwind.example", "Freelance auditor", ToReview, Manager, 9),
];

const fn person(
    first_name: &'static str,
    last_name: &'static str,
    domain: &'static str,
    job_title: &'static str,
    status: ReviewStatus,
    owner: Owner,
    days_ago: i64,
) -> Outsider {
    Outsider { first_name, last_name, domain, job_title, status, owner, days_ago }
}

/// Those who hold something or ask for something.
pub(super) struct People {
    pub(super) maya: Contact,
    pub(super) daniel: Contact,
    pub(super) hanne: Contact,
    pub(super) jonas: Contact,
    pub(super) priya: Contact,
    pub(super) ruben: Contact,
    pub(super) selin: Contact,
    pub(super) amara: Contact,
}

/// Makes companies and people.
pub(super) async fn lay_out(place: &mut Place) -> Result<People, DemoError> {
    let mut accounts = Vec::new();
    for company in COMPANIES {
        accounts.push(account(place, company).await?);
    }
    let mut people = Vec::new();
    for outsider in &PEOPLE {
        people.push(contact(place, outsider, &accounts).await?);
    }
    match people.as_slice() {
        [maya, daniel, _, hanne, jonas, _, priya, ruben, selin, _, amara, _] => Ok(People {
            maya: maya.clone(),
            daniel: daniel.clone(),
            hanne: hanne.clone(),
            jonas: jonas.clone(),
            priya: priya.clone(),
            ruben: ruben.clone(),
            selin: selin.clone(),
            amara: amara.clone(),
        }),
        _ => Err(DemoError::Refused("the demo has twelve contacts".to_owned())),
    }
}

async fn account(
    place: &mut Place,
    (name, domain, status, arrival): (&str, &str, ReviewStatus, Arrival),
) -> Result<Account, DemoError> {
    let at = place.ago(36, 2);
    let domain: Domain = word(domain)?;
    let account = Account {
        id: place.id(at),
        version: 1,
        name: word(name)?,
        domains: vec![domain.clone()],
        status,
        auto_approval: arrival == Arrival::LetIn,
        access_expiry: None,
        deleted_at: None,
        created_at: at,
    };
    let by = Actor::Member(place.staff.manager);
    let detail = Detail::Plain(json!({
        "name": account.name,
        "domains": account.domains,
        "status": account.status,
        "auto_approval": account.auto_approval,
    }));
    let line = place.line(by, "accounts.create", (account.id, 1), detail, at);
    let mut change = place.change();
    change.save_account(&account)?;
    change.take_domain(account.id, &domain, 0)?;
    change.audit(Home::Account(account.id), &line)?;
    place.put(change).await?;
    Ok(account)
}

async fn contact(
    place: &mut Place,
    outsider: &Outsider,
    accounts: &[Account],
) -> Result<Contact, DemoError> {
    let at = place.ago(outsider.days_ago, 4);
    let Outsider { first_name, last_name, domain, .. } = outsider;
    let email: Email = word(&format!("{first_name}.{last_name}@{domain}").to_lowercase())?;
    let account = accounts.iter().find(|account| account.domains.contains(&email.domain()));
    let owner_id = match outsider.owner {
        Manager => Some(place.staff.manager),
        Representative => Some(place.staff.representative),
        Nobody => None,
    };
    let is_in = outsider.status == Approved;
    let name = (word::<PersonName>(first_name)?, word(last_name)?);
    let made = Contact {
        email: Some(email.clone()),
        job_title: Some(word(outsider.job_title)?),
        account_id: account.map(|account| account.id),
        owner_id,
        status: outsider.status,
        reviewed: outsider.status != ToReview,
        proved_at: is_in.then_some(at + SignedDuration::from_hours(1)),
        ..Contact::new(place.id(at), name, place.house.dice.token(), at)
    };
    let actor = owner_id.map_or(Actor::Anyone, Actor::Member);
    let verb = owner_id.map_or("trust.request", |_| "contacts.create");
    let values = json!({
        "email": made.email,
        "name": made.full_name(),
        "account_id": made.account_id,
        "status": made.status,
    });
    let detail = place.personal(&made, &values);
    let line = place.line(actor, verb, (made.id, 1), detail, at);
    let mut change = place.change();
    change.create_contact(&made, &ContactRow::new(&made, account))?;
    change.audit(Home::Contact(made.id), &line)?;
    place.put(change).await?;
    // An earlier try may have made it under a seed of its own.
    Ok(place.store.contact(made.id).await?.unwrap_or(made))
}
