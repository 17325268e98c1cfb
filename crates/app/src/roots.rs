//! Where the root keys are read from, once per process.

use std::path::{Path, PathBuf};

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use crate::keyring::{Keyring, KeyringError};

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
    #[error("cannot read the root keys from Secrets Manager: {0}")]
    Secret(String),
    /// The file cannot be read.
    #[error("cannot read the root keys from `{}`", path.display())]
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
        let text = match self {
            Self::Secret(arn) => secret(sdk, arn).await?,
            Self::File(path) => file(path)?,
        };
        Ok(Keyring::parse(&text)?)
    }
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
