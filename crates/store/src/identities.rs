//! Identities, their sign-in addresses, seats and sessions. None of it belongs to a tenant.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::email::Email;
use domain::id::{Id, IdentityId, MemberId, TenantId};
use domain::member::{Identity, Member, Seat};
use domain::session::Session;
use domain::tenant::Tenant;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::change::{Change, Claim};
use crate::item::{Row, key_attributes, parse};
use crate::keys::{self, Key, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::{StoreError, Table};

/// Seats one identity may hold.
const SEATS_MAX: usize = 100;
/// Sessions one list shows.
const SESSIONS_MAX: usize = 100;

#[derive(Serialize, Deserialize)]
struct Address {
    identity_id: IdentityId,
}

/// Everything that says who a session speaks for, as one snapshot.
#[derive(Debug)]
pub struct SessionFacts {
    /// The session, if the table knows its secret.
    pub session: Option<Session>,
    /// Whose it is.
    pub identity: Option<Identity>,
    /// The company it speaks for.
    pub tenant: Option<Tenant>,
    /// The seat it speaks from.
    pub member: Option<Member>,
}

impl Table {
    /// Reads who the session with secret `sha` speaks for, if it is the session of `identity` in
    /// the seat that its cookie names.
    ///
    /// # Errors
    /// As every read.
    pub async fn session_in_seat(
        &self,
        sha: &str,
        identity: IdentityId,
        tenant: TenantId,
        member: MemberId,
    ) -> Result<SessionFacts, StoreError> {
        let keys = [
            keys::session(sha),
            keys::identity(identity),
            Keys(tenant).tenant(),
            Keys(tenant).member(member),
        ];
        let [session, identity, tenant, member] = self.snapshot("read a session", keys).await?;
        Ok(SessionFacts {
            session: parse(session)?,
            identity: parse(identity)?,
            tenant: parse(tenant)?,
            member: parse(member)?,
        })
    }

    /// Reads a session that speaks for no company yet.
    ///
    /// # Errors
    /// As every read.
    pub async fn session(
        &self,
        sha: &str,
        identity: IdentityId,
    ) -> Result<SessionFacts, StoreError> {
        let keys = [keys::session(sha), keys::identity(identity)];
        let [session, identity] = self.snapshot("read a session", keys).await?;
        Ok(SessionFacts {
            session: parse(session)?,
            identity: parse(identity)?,
            tenant: None,
            member: None,
        })
    }

    /// The identity that signs in with `email`.
    ///
    /// # Errors
    /// As every read.
    pub async fn identity_at(&self, email: &Email) -> Result<Option<Identity>, StoreError> {
        self.identity_behind(email, IdentityId::from_ulid(Ulid::nil())).await
    }

    /// One identity.
    ///
    /// # Errors
    /// As every read.
    pub async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError> {
        self.get_as("read an identity", &keys::identity(id)).await
    }

    /// The identity that signs in with `email`. An unknown address takes as many reads as a known
    /// one: in its place `nobody` is looked for, an id that was never given.
    ///
    /// # Errors
    /// As every read.
    pub async fn identity_behind(
        &self,
        email: &Email,
        nobody: IdentityId,
    ) -> Result<Option<Identity>, StoreError> {
        let key = keys::sign_in_address(email);
        let address: Option<Address> = self.get_as("find a sign-in address", &key).await?;
        self.identity(address.map_or(nobody, |address| address.identity_id)).await
    }

    /// The seats of an identity.
    ///
    /// # Errors
    /// As every read.
    pub async fn seats(&self, identity: IdentityId) -> Result<Vec<Seat>, StoreError> {
        let query = Query {
            doing: "list seats",
            index: Index::Table,
            partition: keys::identity(identity).pk,
            span: Span::prefix("seat#"),
            order: Order::Ascending,
            limit: SEATS_MAX,
        };
        self.query_as(&query).await
    }

    /// The company and member behind each of `seats`, all read at once; seats that are gone are
    /// left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn behind_seats(&self, seats: &[Seat]) -> Result<Vec<(Tenant, Member)>, StoreError> {
        let places = seats.iter().map(|seat| {
            (Keys(seat.tenant_id).tenant(), Keys(seat.tenant_id).member(seat.member_id))
        });
        let places: Vec<_> = places.collect();
        let mut keys: Vec<_> =
            places.iter().flat_map(|(tenant, member)| [tenant.clone(), member.clone()]).collect();
        // Two seats in one company would ask for it twice, which a batch refuses.
        keys.sort_unstable_by(|a, b| (&a.pk, &a.sk).cmp(&(&b.pk, &b.sk)));
        keys.dedup();
        let items = self.batch("read seats", &keys).await?;
        let at = |key: &Key| items.iter().find(|item| item.key() == *key);
        places
            .iter()
            .filter_map(|(tenant, member)| at(tenant).zip(at(member)))
            .map(|(tenant, member)| Ok((tenant.parse()?, member.parse()?)))
            .collect()
    }

    /// The sessions of an identity, newest first, with what names each in the table.
    ///
    /// # Errors
    /// As every read.
    pub async fn sessions(
        &self,
        identity: IdentityId,
    ) -> Result<Vec<(SessionSha, Session)>, StoreError> {
        let query = Query {
            doing: "list sessions",
            index: Index::Inverse,
            partition: keys::sessions_of(identity),
            span: Span::prefix("ses#"),
            order: Order::Descending,
            limit: SESSIONS_MAX,
        };
        let items = self.find(&query, "read sessions").await?;
        let mut sessions = items
            .iter()
            .map(|item| {
                let sha = item.key().pk.trim_start_matches("ses#").to_owned();
                Ok((SessionSha(sha), item.parse::<Session>()?))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        sessions.sort_by_key(|(_, session)| std::cmp::Reverse(session.created_at));
        Ok(sessions)
    }

    /// Begins a session under the SHA-256 of its secret.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn begin_session(&self, sha: &str, session: &Session) -> Result<(), StoreError> {
        let row = session_row(sha, session)?;
        // The key is a fresh secret's hash: a repeat can only be this very call's own.
        self.client
            .put_item()
            .table_name(&*self.name)
            .set_item(Some(row.0))
            .send()
            .await
            .map(drop)
            .map_err(|error| StoreError::aws("begin a session", error))
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn touch_session(&self, sha: &str, now: Timestamp) -> Result<(), StoreError> {
        let touched = self
            .client
            .update_item()
            .table_name(&*self.name)
            .set_key(Some(key_attributes(&keys::session(sha))))
            .update_expression("SET seen_at = :now")
            // An ended session must not come back as a stump.
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":now", AttributeValue::S(now.to_string()))
            .send()
            .await;
        match touched {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(
                aws_sdk_dynamodb::operation::update_item::UpdateItemError::is_conditional_check_failed_exception,
            ) => Ok(()),
            Err(error) => Err(StoreError::aws("touch a session", error)),
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn end_session(&self, sha: &str) -> Result<(), StoreError> {
        self.client
            .delete_item()
            .table_name(&*self.name)
            .set_key(Some(key_attributes(&keys::session(sha))))
            .send()
            .await
            .map(drop)
            .map_err(|error| StoreError::aws("end a session", error))
    }
}

fn session_row(sha: &str, session: &Session) -> Result<Row, StoreError> {
    let place = keys::session_place(session.created_at);
    let row = Row::new(&keys::session(sha), session)?;
    Ok(row.inverse(keys::sessions_of(session.identity_id), place).forget(session.forgotten_at()))
}

/// What names a session in the table: the SHA-256 of its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSha(pub String);

impl Table {
    /// Begins a change of what belongs to no tenant: identities, sessions, rates. `token` as in
    /// [`crate::Store::change`].
    pub fn change(&self, token: String) -> Change {
        // No step of such a change asks for a tenant's key; nobody's could not be mistaken for one.
        self.tenant(TenantId::from_ulid(Ulid::nil())).change(token)
    }
}

impl Change {
    /// Begins a session under the SHA-256 of its secret.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn begin_session(&mut self, sha: &str, session: &Session) -> Result<(), StoreError> {
        self.put_over(session_row(sha, session)?)
    }

    /// Saves a session in place of itself, unless it ended meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Gate`].
    pub fn keep_session(&mut self, sha: &str, session: &Session) -> Result<(), StoreError> {
        let row = session_row(sha, session)?;
        self.put_if(Claim::Gate, row, "attribute_exists(PK)", HashMap::new())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn end_session(&mut self, sha: &str) -> Result<(), StoreError> {
        self.delete(&keys::session(sha))
    }

    /// Makes an identity at a free address.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Email`] and [`Claim::New`].
    pub fn create_identity(&mut self, identity: &Identity) -> Result<(), StoreError> {
        let address = Address { identity_id: identity.id };
        self.put_new(Claim::Email, Row::new(&keys::sign_in_address(&identity.email), &address)?)?;
        self.put_new(Claim::New, Row::new(&keys::identity(identity.id), identity)?)
    }

    /// Saves an identity in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_identity(&mut self, identity: &Identity) -> Result<(), StoreError> {
        let row = Row::new(&keys::identity(identity.id), identity)?;
        self.put_version(Claim::Version, row, identity.version)
    }

    /// Gives an identity its one seat in this change's tenant.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::New`].
    pub fn seat(&mut self, identity: IdentityId, member: MemberId) -> Result<(), StoreError> {
        let seat = Seat { tenant_id: self.keys.0, member_id: member };
        let key = keys::seat(identity, self.keys.0, member);
        self.put_new(Claim::New, Row::new(&key, &seat)?)?;
        self.put_new(Claim::New, Row::new(&self.keys.seat_of(identity), &seat)?)
    }

    /// Takes the seat from an identity, which may be given another one.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn unseat(&mut self, identity: IdentityId, member: MemberId) -> Result<(), StoreError> {
        let place = self.keys.seat_of(identity);
        self.delete(&keys::seat(identity, self.keys.0, member))?;
        self.delete(&place)
    }
}
