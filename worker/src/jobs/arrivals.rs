//! Arrivals: reviewers are told that somebody asks for documents.

use app::sharing::arrival::NOTICE_LIFE;
use domain::access::is_shut_out;
use domain::challenge::standing::DAY;
use domain::id::{ContactId, RequestId};
use domain::member::{Member, Role};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::request::Status;
use jiff::Timestamp;
use store::{Store, StoreError};

use crate::{LOOKS_MAX, Worker, account_of};

/// Reviewers who are told; the first ones by seat. Each mail is a step of one transaction.
const REVIEWERS_MAX: usize = 20;
/// Members looked through for reviewers.
const MEMBERS_MAX: usize = 500;
/// Arrivals a day that one company's reviewers are mailed about; the queue shows the others.
const ARRIVALS_MAX: usize = 50;

/// The members who review what comes from outside, on seats that are in use.
pub(crate) async fn reviewers(store: &Store) -> Result<Vec<Member>, StoreError> {
    let mut members = store.members(None, MEMBERS_MAX).await?;
    members.retain(|member| {
        let reviews = matches!(member.role, Role::Administrator | Role::AccountManager);
        reviews && member.is_in_use()
    });
    members.truncate(REVIEWERS_MAX);
    Ok(members)
}

impl Worker {
    /// Owes reviewers the news of a request that nobody has touched yet, once.
    pub(crate) async fn tell_reviewers(
        &self,
        store: &Store,
        contact: ContactId,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(found) = store.request(contact, request).await? else { return Ok(()) };
            let is_new = found.version == 1 && found.status == Status::ToReview;
            if !is_new || found.on_arrival || found.created_at + NOTICE_LIFE <= now {
                return Ok(());
            }
            let Some(asker) = store.contact(contact).await? else { return Ok(()) };
            let account = account_of(store, &asker).await?;
            if is_shut_out(&asker, account.as_ref()) {
                return Ok(());
            }
            let mails: Vec<Mail> = reviewers(store)
                .await?
                .iter()
                .map(|member| {
                    let (member_id, contact_id, request_id) = (member.id, contact, request);
                    let purpose = Purpose::RequestArrived { member_id, contact_id, request_id };
                    Mail::new(purpose, now, now + NOTICE_LIFE)
                })
                .collect();
            let Some(first) = mails.first() else { return Ok(()) };
            // They are owed together: who finds the first finds all.
            if store.mail(first.id).await?.is_some() {
                return Ok(());
            }
            let hash = self.house.keys.blind(&["arrivals", &store.tenant_id().to_string()]);
            let budget = store.budget(&hash).await?;
            let Ok(spent) = budget.value.spend(now, ARRIVALS_MAX, DAY) else { return Ok(()) };
            let mut change = self.change(store);
            change.save_budget(&hash, &budget.next(spent), now)?;
            mails.iter().try_for_each(|mail| change.owe(mail))?;
            match change.commit().await {
                Err(StoreError::Lost(_)) => {}
                done => return done,
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }
}
