//! People: signed in, outside, in their portals.

use app::house::cookie::Cookie;
use app::house::keyring::sha256_hex;

use app::house::token::{InvitationToken, PortalCookie, ResetToken, SeatToken};
use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::id::TenantId;
use domain::invitation::{DEVICE_LIFE, Device, INVITATION_LIFE, Invitation, Proof};
use domain::member::{Identity, Member, Role};
use domain::outbox::purpose::Purpose;
use domain::outbox::{Mail, Outcome};
use domain::reset::RESET_LIFE;
use domain::session::{Chosen, LIFE, Session};
use domain::words::Words;
use store::contacts::lists_of;
use store::item::Versioned;
use store::lists::ContactRow;
use store::renewal::Renewed;
use store::words::Indexed;

use crate::client::Client;
use crate::seed::{Company, address};
use crate::world::World;

impl World {
    /// A browser in which `member` signed in just now. The password is skipped: hashing one takes
    /// longer than most tests.
    pub async fn client_of(&self, tenant: TenantId, member: &Member) -> Client {
        self.session_of(tenant, member).await.0
    }

    /// The same, with the session.
    pub async fn session_of(&self, tenant: TenantId, member: &Member) -> (Client, Session) {
        let secret = self.house.dice.secret();
        let seat = Chosen { tenant_id: tenant, member_id: member.id };
        let session = Session {
            id: self.house.dice.id(self.now()),
            identity_id: member.identity_id,
            seat: Some(seat),
            seat_epoch: member.epoch,
            epoch: 0,
            network: "198.18.0.0".to_owned(),
            agent: None,
            // Tests of how long a proof is fresh sign in by the password.
            proved_at: Some(self.now() + LIFE),
            seen_at: self.now(),
            created_at: self.now(),
        };
        let begun = self.house.table.begin_session(&sha256_hex(&secret), &session).await;
        begun.expect("the session begins");
        let client = self.visitor();
        let life = LIFE.as_secs();
        keep(&client, &self.house.session_cookie(member.identity_id, Some(seat), secret, life));
        (client, session)
    }

    /// A browser in which `contact` proved itself by a code just now.
    pub async fn portal_of(&self, company: &Company, contact: &Contact) -> Client {
        let secret = self.house.dice.secret();
        let device = Device {
            id: self.house.dice.id(self.now()),
            contact_id: contact.id,
            epoch: contact.epoch,
            proof: Proof::Code,
            expires_at: self.now() + DEVICE_LIFE,
            network: "198.18.0.0".to_owned(),
            agent: None,
            created_at: self.now(),
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.put_device(&sha256_hex(&secret), &device).expect("a device item");
        change.commit().await.expect("the browser is signed in");
        let (tenant, account) = (company.id(), contact.account_id);
        let cookie = PortalCookie { tenant, contact: contact.id, account, secret };
        let client = self.visitor();
        keep(&client, &self.house.portal_cookie(&cookie));
        client
    }

    /// The token of a magic link for `contact` that nobody opened yet.
    pub async fn magic_link(&self, company: &Company, contact: &Contact) -> String {
        let link = Invitation {
            id: self.house.dice.id(self.now()),
            contact_id: contact.id,
            request_id: None,
            epoch: contact.epoch,
            expires_at: self.now() + INVITATION_LIFE,
            used: None,
            created_at: self.now(),
        };
        let token = InvitationToken {
            tenant: company.id(),
            contact: contact.id,
            account: contact.account_id,
            invitation: link.id,
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_invitation(&Versioned { version: 1, value: link }).expect("a link item");
        change.commit().await.expect("the link is made");
        token.sign(&self.house.keys)
    }

    /// A mail with a magic link that left for `contact` and was heard of no more.
    pub async fn settled_mail(&self, company: &Company, contact: &Contact) -> Mail {
        let (contact_id, invitation_id) = (contact.id, self.house.dice.id(self.now()));
        let purpose = Purpose::MagicLink { contact_id, invitation_id, request_id: None };
        let owed = Mail::new(purpose, self.now(), self.now() + INVITATION_LIFE);
        let leased = owed.clone().leased(self.now()).expect("a mail is due at once");
        let sent = leased.clone().tried(Outcome::Sent("0100-a".to_owned()), self.now());
        for mail in [&owed, &leased, &sent] {
            let mut change = self.store_of(company).change(self.house.dice.token());
            change.save_mail(mail).expect("a mail item");
            change.commit().await.expect("the mail is kept");
        }
        sent
    }

    /// A seat of a company that waits for somebody new, and the token of its invitation.
    pub async fn offer(&self, company: &Company, role: Role) -> (Member, String) {
        let now = self.now();
        let identity = Identity::new(
            self.house.dice.id(now),
            address().parse().expect("an address"),
            "Somebody".parse().expect("a name"),
            now,
        );
        let seat = Member::new(self.house.dice.id(now), &identity, role, now);
        let seat = seat.invited(company.administrator.id, now);
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.create_identity(&identity).expect("an identity item");
        change.seat(identity.id, seat.id).expect("a seat item");
        change.save_member(&seat).expect("a member item");
        change.commit().await.expect("the seat is offered");
        let token = SeatToken { tenant: company.id(), member: seat.id, round: 1 };
        (seat, token.sign(&self.house.keys))
    }

    /// The token of a link that resets the password of `member`, who never had another one.
    #[must_use]
    pub fn reset_token(&self, member: &Member) -> String {
        let expires_at = self.now() + RESET_LIFE;
        let token = ResetToken { identity: member.identity_id, epoch: 0, expires_at };
        token.sign(&self.house.keys)
    }

    /// A new session of acme's administrator.
    pub async fn admin(&self) -> Client {
        self.admin_of(&self.acme).await
    }

    /// A new session of a company's first administrator.
    pub async fn admin_of(&self, company: &Company) -> Client {
        self.client_of(company.id(), &company.administrator).await
    }

    /// A new person with a seat at acme, signed in.
    pub async fn member(&self, role: Role) -> Client {
        let member = self.seat(self.acme.id(), role).await;
        self.client_of(self.acme.id(), &member).await
    }

    /// A contact of a company, with the address `email`, without an account.
    pub async fn contact(&self, company: &Company, email: &str, status: ReviewStatus) -> Contact {
        self.contact_of(company, email, status, None).await
    }

    /// A contact of a company, perhaps of an account.
    pub async fn contact_of(
        &self,
        company: &Company,
        email: &str,
        status: ReviewStatus,
        account: Option<&Account>,
    ) -> Contact {
        let contact = self.new_contact(company, email, status, account);
        self.lay_contact(company, &contact).await;
        contact
    }

    /// A contact as it would be made, not laid into the table yet.
    #[must_use]
    pub fn new_contact(
        &self,
        company: &Company,
        email: &str,
        status: ReviewStatus,
        account: Option<&Account>,
    ) -> Contact {
        let name = ("Ada".parse().expect("a name"), "Lovelace".parse().expect("a name"));
        let id = self.house.dice.id(self.now());
        Contact {
            email: Some(email.parse().expect("an address")),
            account_id: account.map(|account| account.id),
            owner_id: Some(company.administrator.id),
            status,
            reviewed: status != ReviewStatus::ToReview,
            ..Contact::new(id, name, self.house.dice.token(), self.now())
        }
    }

    /// Lays a contact into the table as it is.
    pub async fn lay_contact(&self, company: &Company, contact: &Contact) {
        self.lay_contacts(company, std::slice::from_ref(contact)).await;
    }

    /// Lays contacts into the table as they are, at most 16 as one change.
    pub async fn lay_contacts(&self, company: &Company, contacts: &[Contact]) {
        let mut change = self.store_of(company).change(self.house.dice.token());
        for contact in contacts {
            let row = ContactRow::new(contact, None);
            change.create_contact(contact, &row).expect("a contact item");
        }
        change.commit().await.expect("the contacts are made");
    }

    /// Shows contacts in searches, as the worker does once it hears of them.
    pub async fn index_contacts(&self, company: &Company, contacts: &[Contact]) {
        let store = self.store_of(company);
        for contact in contacts {
            let (first, last) = (&contact.first_name, &contact.last_name);
            let words = Words::of_contact(first, last, contact.email.as_ref(), None);
            let row = ContactRow::new(contact, None);
            let next = Indexed::new(&lists_of(contact), words, &row);
            let indexed = store.index(contact.id, None, next, self.house.dice.token()).await;
            assert_eq!(indexed.expect("the contact is indexed"), Renewed::Done);
        }
    }

    /// An account of a company.
    pub async fn account(&self, company: &Company, domain: &str, status: ReviewStatus) -> Account {
        let account = Account {
            id: self.house.dice.id(self.now()),
            version: 1,
            name: format!("{domain} Ltd").parse().expect("a title"),
            domains: vec![domain.parse().expect("a domain")],
            status,
            auto_approval: false,
            access_expiry: None,
            deleted_at: None,
            created_at: self.now(),
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_account(&account).expect("an account item");
        for (place, domain) in account.domains.iter().enumerate() {
            change.take_domain(account.id, domain, place).expect("a domain item");
        }
        change.commit().await.expect("the account is made");
        account
    }
}

/// Keeps a cookie that the server would set.
fn keep(client: &Client, cookie: &Cookie) {
    let pair = cookie.header.split(';').next().unwrap_or_default();
    let (name, value) = pair.split_once('=').expect("a cookie is a pair");
    client.keep_cookie(name, value);
}
