//! What only the operator does: `make admin` makes a company and its first administrator, or lets
//! the last one in again; `make plan` sets what a company pays for.
//!
//! A running cloud does it for whoever reaches the socket in its folder, which only the folder's
//! owner does; where none runs, one is started for the moment.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::founding::{Deed, found};
use app::house::House;
use app::planning::set_plan;
use app::problem::Problem;
use domain::email::Email;
use domain::tenant::{Plan, Slug};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cloud::{Cloud, CloudError, Data, Options, Time, ordered};
use crate::password;

/// The longest message either way.
const MESSAGE_BYTES_MAX: u64 = 16 * 1024;
/// How long the other side may take; hashing a password takes a fraction.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Lets somebody in.
    Admin(Admin),
    /// Sets what a company pays for.
    Plan(NewPlan),
}

/// What a company pays for from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPlan {
    /// The company's place in addresses.
    pub slug: Slug,
    /// What it holds.
    pub plan: Plan,
}

/// Whom to let in where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Admin {
    /// The company's place in addresses; it is made if there is none.
    pub slug: Slug,
    /// The person's address; they are made if unknown.
    pub email: Email,
}

/// What was done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// The same, for people.
    pub deed: String,
    /// The new password of whoever was let in; shown this once.
    pub password: Option<String>,
}

/// Why nothing was done; one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// No cloud runs, and none could be started.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The cloud refused.
    #[error("{0}")]
    Refused(String),
    /// The running cloud did not answer.
    #[error("the running server did not answer")]
    Silent(#[source] io::Error),
}

impl Order {
    /// Carries it out in the cloud over `folder`, running or not.
    ///
    /// # Errors
    /// [`OrderError`] in one sentence.
    pub async fn carry_out(&self, folder: &Path) -> Result<Done, OrderError> {
        if let Ok(stream) = UnixStream::connect(socket(folder)).await {
            let answer = tokio::time::timeout(PATIENCE, self.ask(stream)).await;
            let answer = answer.unwrap_or_else(|late| Err(late.into()));
            return answer.map_err(OrderError::Silent)?.map_err(OrderError::Refused);
        }
        let data = Data::Folder(folder.to_owned());
        let cloud =
            Cloud::start(Options { data, time: Time::Wall, ..Options::for_tests() }).await?;
        let done = self.act(&cloud.house).await;
        cloud.stop().await;
        done.map_err(|problem| OrderError::Refused(problem.detail))
    }

    async fn ask(&self, mut stream: UnixStream) -> io::Result<Result<Done, String>> {
        stream.write_all(&serde_json::to_vec(self)?).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        stream.take(MESSAGE_BYTES_MAX).read_to_end(&mut answer).await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    async fn act(&self, house: &House) -> Result<Done, Problem> {
        match self {
            Self::Admin(admin) => admin.let_in(house).await,
            Self::Plan(new) => new.set(house).await,
        }
    }
}

impl NewPlan {
    async fn set(&self, house: &House) -> Result<Done, Problem> {
        let done = set_plan(house, &self.slug, self.plan).await?;
        let since = if done == Deed::Changed { "from now on" } else { "as before" };
        let which = if self.plan.public_links { "links" } else { "no links" };
        let slug = &self.slug;
        let deed = format!("the plan of `{slug}` holds {which} that open to anybody, {since}");
        Ok(Done { deed, password: None })
    }
}

impl Admin {
    async fn let_in(&self, house: &House) -> Result<Done, Problem> {
        let password = password::make(&house.dice);
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
        Ok(Done { deed, password: Some(password) })
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("operator.sock")
}

/// Serves the socket of `folder` until `stopped`. Without it, the operator is told to stop the
/// server first.
pub(crate) fn listen(
    folder: &Path,
    house: Arc<House>,
    stopped: watch::Receiver<bool>,
) -> Option<JoinHandle<()>> {
    let path = socket(folder);
    // Ours is the lock on the data, so a socket that is there is a dead one's.
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path)
        .and_then(|listener| {
            fs::set_permissions(&path, Permissions::from_mode(0o600)).map(|()| listener)
        })
        .inspect_err(
            |error| tracing::warn!(%error, "`make admin` and `make plan` work only while stopped"),
        )
        .ok()?;
    Some(tokio::spawn(async move {
        let mut stop = std::pin::pin!(ordered(stopped));
        loop {
            tokio::select! {
                Ok((stream, _)) = listener.accept() => {
                    let served = tokio::time::timeout(PATIENCE, serve(stream, &house)).await;
                    if let Ok(Err(error)) = served {
                        tracing::warn!(%error, "a caller at the socket left");
                    }
                }
                () = &mut stop => break,
            }
        }
        let _ = fs::remove_file(&path);
    }))
}

async fn serve(mut stream: UnixStream, house: &House) -> io::Result<()> {
    let mut asked = Vec::new();
    (&mut stream).take(MESSAGE_BYTES_MAX).read_to_end(&mut asked).await?;
    let order: Order = serde_json::from_slice(&asked)?;
    let answer = order.act(house).await.map_err(|problem| problem.detail);
    stream.write_all(&serde_json::to_vec(&answer)?).await?;
    stream.shutdown().await
}
