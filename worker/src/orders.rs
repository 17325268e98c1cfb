//! What only the operator orders, at a terminal or by the function `operator`.
//!
//! - *admin* makes a company and its first administrator, or lets the last one in again;
//! - *plan* sets what a company pays for;
//! - *export* writes everything a company has in the table into the bucket, beside its files;
//! - *erase* takes a company out of table and bucket for good;
//! - *rotate* makes a new root key that signs from now on.
//!
//! Each may be given twice. Long ones are done in parts: an answer with a `cursor` asks for the
//! same order once more, with it.

use app::exchange::problem::{Kind, Problem};
use app::house::House;
use app::house::made_password;
use app::seating::founding::{Deed, found};
use app::seating::planning::set_plan;
use domain::email::Email;
use domain::id::{Id, TenantId};
use domain::tenant::{Plan, Slug};
use files::estate::Left;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Pages of the table, of 1 MB at the most, that one part of an order reads.
const PAGES_MAX: usize = 16;

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Lets somebody in.
    Admin(Admin),
    /// Sets what a company pays for.
    Plan(NewPlan),
    /// Hands out everything of a company.
    Export(Estate),
    /// Erases everything of a company.
    Erase(Estate),
    /// Makes a new root key.
    Rotate {},
}

/// Whom to let in where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Admin {
    /// The company's place in addresses; it is made if there is none.
    pub slug: Slug,
    /// The person's address; they are made if unknown.
    pub email: Email,
}

/// What a company pays for from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPlan {
    /// The company's place in addresses.
    pub slug: Slug,
    /// What it holds.
    pub plan: Plan,
}

/// Everything of a company.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Estate {
    /// The company's place in addresses.
    pub slug: Slug,
    /// Where an order that was done in part goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What was done.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Done {
    /// The same, for people.
    pub deed: String,
    /// The new password of whoever was let in; shown this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// What the same order goes on with, if there is more to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How far an export came: how many items in how many parts, under which name, and where the table
/// is read on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Progress {
    name: String,
    items: usize,
    parts: u32,
    next: Option<String>,
}

/// How far an erasure came: how many items are gone, whether this reading of the table found none,
/// and where it goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sweep {
    items: usize,
    is_clean: bool,
    next: Option<String>,
}

impl Default for Sweep {
    fn default() -> Self {
        Self { items: 0, is_clean: true, next: None }
    }
}

impl Order {
    /// Does it, or a part of it.
    ///
    /// # Errors
    /// [`Problem`], of which the operator is told the detail.
    pub async fn carry_out(&self, house: &House) -> Result<Done, Problem> {
        match self {
            Self::Admin(admin) => admin.let_in(house).await,
            Self::Plan(new) => new.set(house).await,
            Self::Export(estate) => estate.export(house).await,
            Self::Erase(estate) => estate.erase(house).await,
            Self::Rotate {} => rotate(house).await,
        }
    }

    /// The same order with the cursor of what was done of it.
    #[must_use]
    pub fn going_on(mut self, from: String) -> Self {
        if let Self::Export(estate) | Self::Erase(estate) = &mut self {
            estate.cursor = Some(from);
        }
        self
    }
}

impl NewPlan {
    async fn set(&self, house: &House) -> Result<Done, Problem> {
        let done = set_plan(house, &self.slug, self.plan).await?;
        let since = if done == Deed::Changed { "from now on" } else { "as before" };
        let which = if self.plan.public_links { "links" } else { "no links" };
        let slug = &self.slug;
        let deed = format!("the plan of `{slug}` holds {which} that open to anybody, {since}");
        Ok(Done { deed, ..Done::default() })
    }
}

impl Admin {
    async fn let_in(&self, house: &House) -> Result<Done, Problem> {
        let password = made_password::make(&house.dice);
        let local_part = self.email.as_str().split('@').next().unwrap_or_default();
        let name = local_part.parse().map_err(|error: domain::text::TextError| {
            Problem::bad_input("/email", error.to_string())
        })?;
        let (slug, email) = (self.slug.clone(), self.email.clone());
        let founded = found(house, slug, None, email, name, &password).await?;
        let company = match founded.deeds.tenant {
            Deed::Made => "is made",
            Deed::Found | Deed::Changed => "was there",
        };
        let person = match founded.deeds.member {
            Deed::Made => "is its administrator",
            Deed::Changed | Deed::Found => "has a new password",
        };
        let deed = format!("the company `{}` {company}, and {} {person}", self.slug, self.email);
        Ok(Done { deed, password: Some(password), ..Done::default() })
    }
}

impl Estate {
    async fn tenant(&self, house: &House) -> Result<TenantId, Problem> {
        let absent =
            || Problem::new(Kind::NotFound, format!("There is no company at `{}`.", self.slug));
        house.table.tenant_at(&self.slug).await?.ok_or_else(absent)
    }

    async fn export(&self, house: &House) -> Result<Done, Problem> {
        let tenant = self.tenant(house).await?;
        let mut progress = match &self.cursor {
            None => {
                let name = house.clock.now().as_second().to_string();
                Progress { name, ..Progress::default() }
            }
            Some(cursor) => read_cursor(cursor)?,
        };
        let mut lines = String::new();
        for _ in 0..PAGES_MAX {
            let part = house.table.part_of(tenant, progress.next.as_deref()).await?;
            for item in &part.items {
                lines.push_str(&item.line()?);
                lines.push('\n');
            }
            progress.items += part.items.len();
            progress.next = part.next;
            if progress.next.is_none() {
                break;
            }
        }
        if !lines.is_empty() {
            progress.parts += 1;
            house.files.put_export(tenant, &progress.name, progress.parts, lines).await?;
        }
        let (slug, id) = (&self.slug, tenant.ulid());
        let Progress { name, items, parts, next } = &progress;
        let deed = format!(
            "{items} items of `{slug}` are in {parts} parts under exports/{id}/{name}/ of the \
             bucket; its files are under {id}/"
        );
        let cursor = next.is_some().then(|| write_cursor(&progress));
        Ok(Done { deed, cursor, ..Done::default() })
    }

    /// The place in addresses goes last: as long as it is there, an order that was cut short can be
    /// given again. The table is read until there was nothing left in all of it, as requests that
    /// were under way when the company was closed may have written behind us.
    async fn erase(&self, house: &House) -> Result<Done, Problem> {
        let (slug, tenant) = (&self.slug, self.tenant(house).await?);
        let mut sweep: Sweep = match &self.cursor {
            None => {
                house.table.close(tenant).await?;
                Sweep::default()
            }
            Some(cursor) => read_cursor(cursor)?,
        };
        for _ in 0..PAGES_MAX {
            let part = house.table.part_of(tenant, sweep.next.as_deref()).await?;
            house.table.erase(tenant, &part.items).await?;
            sweep.items += part.items.len();
            sweep.is_clean &= part.items.is_empty();
            sweep.next = part.next;
            if sweep.next.is_none() {
                break;
            }
        }
        let is_through = sweep.next.is_none();
        let is_done =
            is_through && sweep.is_clean && house.files.erase(tenant).await? == Left::Nothing;
        if !is_done {
            let deed = format!("{} items of `{slug}` are erased", sweep.items);
            sweep.is_clean |= is_through;
            return Ok(Done { deed, cursor: Some(write_cursor(&sweep)), ..Done::default() });
        }
        house.table.vacate(slug).await?;
        let deed = format!(
            "`{slug}` is erased from table and bucket; older copies of both end by themselves"
        );
        Ok(Done { deed, ..Done::default() })
    }
}

/// A cursor as it was written; one of another order, or a made-up one, is refused.
fn read_cursor<T: DeserializeOwned>(cursor: &str) -> Result<T, Problem> {
    serde_json::from_str(cursor).map_err(|error| Problem::bad_input("/cursor", error.to_string()))
}

fn write_cursor(progress: &impl Serialize) -> String {
    // A struct of texts and numbers always serialises.
    serde_json::to_string(progress).unwrap_or_default()
}

async fn rotate(house: &House) -> Result<Done, Problem> {
    let impossible =
        || Problem::new(Kind::NotFound, "This process does not know where its keys are.");
    let source = house.roots.as_ref().ok_or_else(impossible)?;
    let rotated = source.roots.rotate(&source.sdk, house.dice.secret()).await;
    let id = rotated.map_err(|error| Problem::new(Kind::Unavailable, error.to_string()))?;
    let deed = format!(
        "root key {id} signs from now on; the others go on to verify, as long as they are kept"
    );
    Ok(Done { deed, ..Done::default() })
}
