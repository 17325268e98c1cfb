//! `make admin`: makes a company and its first administrator, or lets the last one in again.
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
use app::problem::Problem;
use domain::email::Email;
use domain::tenant::Slug;
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

/// Whom to let in where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Admin {
    /// The company's place in addresses; it is made if there is none.
    pub slug: Slug,
    /// The person's address; they are made if unknown.
    pub email: Email,
}

/// What was done, and how to sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LetIn {
    /// What was done, for people.
    pub deed: String,
    /// The new password; shown this once.
    pub password: String,
}

/// Why nobody was let in; one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
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

impl Admin {
    /// Lets the person in, in the cloud over `folder`, running or not.
    ///
    /// # Errors
    /// [`AdminError`] in one sentence.
    pub async fn let_in(&self, folder: &Path) -> Result<LetIn, AdminError> {
        if let Ok(stream) = UnixStream::connect(socket(folder)).await {
            let answer = tokio::time::timeout(PATIENCE, self.ask(stream)).await;
            let answer = answer.unwrap_or_else(|late| Err(late.into()));
            return answer.map_err(AdminError::Silent)?.map_err(AdminError::Refused);
        }
        let data = Data::Folder(folder.to_owned());
        let cloud =
            Cloud::start(Options { data, time: Time::Wall, ..Options::for_tests() }).await?;
        let done = self.act(&cloud.house).await;
        cloud.stop().await;
        done.map_err(|problem| AdminError::Refused(problem.detail))
    }

    async fn ask(&self, mut stream: UnixStream) -> io::Result<Result<LetIn, String>> {
        stream.write_all(&serde_json::to_vec(self)?).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        stream.take(MESSAGE_BYTES_MAX).read_to_end(&mut answer).await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    async fn act(&self, house: &House) -> Result<LetIn, Problem> {
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
        Ok(LetIn { deed, password })
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("admin.sock")
}

/// Serves the socket of `folder` until `stopped`. Without it, whoever wants to be let in is told
/// to stop the server first.
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
        .inspect_err(|error| tracing::warn!(%error, "`make admin` works only while stopped"))
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
    let admin: Admin = serde_json::from_slice(&asked)?;
    let answer = admin.act(house).await.map_err(|problem| problem.detail);
    stream.write_all(&serde_json::to_vec(&answer)?).await?;
    stream.shutdown().await
}
