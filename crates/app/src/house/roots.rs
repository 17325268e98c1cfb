//! Where the root keys are: read once per process, and rotated by the operator.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use crate::house::keyring::{Keyring, KeyringError};

/// Where the root keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// In Secrets Manager, by the secret's ARN.
    Secret(String),
    /// In a file that only its owner reads.
    File(PathBuf),
}

/// Why there are no root keys.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// Secrets Manager failed or refused.
    #[error("cannot use the root keys in Secrets Manager: {0}")]
    Secret(String),
    /// The file cannot be read or written.
    #[error("cannot use the root keys in `{}`", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What was read is no keyring.
    #[error("the root keys are no keyring")]
    Format(#[from] KeyringError),
}

impl Roots {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`RootsError`] tells what is wrong, never what was read.
    pub async fn read(&self, sdk: &SdkConfig) -> Result<Keyring, RootsError> {
        Ok(Keyring::parse(&self.text(sdk).await?)?)
    }

    /// Puts a new root before the others, so that it signs from now on and the others go on to
    /// verify; tells its id. Processes that run learn of it by the first token under it.
    ///
    /// # Errors
    /// [`RootsError`]; then nothing has changed, or all of it.
    pub async fn rotate(&self, sdk: &SdkConfig, secret: [u8; 32]) -> Result<u8, RootsError> {
        let (text, id) = Keyring::rotated(&self.text(sdk).await?, secret)?;
        match self {
            Self::Secret(arn) => {
                let put = Client::new(sdk).put_secret_value().secret_id(arn).secret_string(text);
                let told = |error| RootsError::Secret(DisplayErrorContext(error).to_string());
                put.send().await.map_err(told)?;
            }
            Self::File(path) => {
                let failed = |source| RootsError::File { path: path.clone(), source };
                replace(path, &text).map_err(failed)?;
            }
        }
        Ok(id)
    }

    async fn text(&self, sdk: &SdkConfig) -> Result<String, RootsError> {
        match self {
            Self::Secret(arn) => secret(sdk, arn).await,
            Self::File(path) => file(path),
        }
    }
}

/// Writes `text` so that a crash leaves the old keys or the new ones, and only their owner reads
/// them.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    std::fs::rename(draft, path)
}

async fn secret(sdk: &SdkConfig, arn: &str) -> Result<String, RootsError> {
    let got = Client::new(sdk).get_secret_value().secret_id(arn).send().await;
    let got = got.map_err(|error| RootsError::Secret(DisplayErrorContext(error).to_string()))?;
    let empty = || RootsError::Secret("the secret holds no text".to_owned());
    got.secret_string.ok_or_else(empty)
}

fn file(path: &Path) -> Result<String, RootsError> {
    let failed = |source| RootsError::File { path: path.to_owned(), source };
    std::fs::read_to_string(path).map_err(failed)
}
