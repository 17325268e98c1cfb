//! Starting a process in the cloud: a house from the environment, and logs that machines read.
//!
//! Settings: `TABLE_NAME`, `BUCKET`, `BASE_URL`, and `ROOT_KEYS_SECRET` (an ARN) or
//! `ROOT_KEYS_FILE`; for what stands behind an edge, `ORIGIN_KEY`, which the edge proves itself by,
//! and `ORIGIN_KEY_BEFORE`, which it may still; for whoever mails, `MAIL_FROM` and
//! `MAIL_CONFIGURATION_SET`. Where AWS is reached is told by the SDK's own variables, such as
//! `AWS_ENDPOINT_URL`; a server that does not know buckets by host name needs
//! `BUCKET_PATH_STYLE=1`.

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use files::{Files, PathStyle};
use mail::mailer::Mailer;
use secrecy::SecretString;
use store::Table;
use tokio::task::spawn_blocking;
use tracing_subscriber::EnvFilter;

use crate::house::roots::{Roots, RootsError};
use crate::house::{Forwarded, House, RootSource};

/// The authorities that vouch for AWS's endpoints ("Amazon Trust Services repository").
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");
/// How long a start waits for the table.
const WARM_WAIT: Duration = Duration::from_secs(1);
/// What is logged unless `RUST_LOG` says otherwise.
const LOG: &str = "info";

/// Why a process does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is absent.
    #[error("set the environment variable `{0}`")]
    Unset(&'static str),
    /// There are no root keys.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// No connection to AWS could be trusted.
    #[error("failed to prepare connections to AWS")]
    Connections(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a process starts with.
#[derive(Debug)]
pub struct Started {
    /// What requests and jobs share.
    pub house: Arc<House>,
    sdk: SdkConfig,
}

/// What the first request will ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warmth {
    /// The table, whose connection is opened meanwhile, and policies, which are parsed meanwhile.
    Decisions,
    /// The table alone.
    Table,
    /// Neither.
    Nothing,
}

/// Makes the house that the environment describes.
///
/// # Errors
/// [`StartError`] names what is missing.
pub async fn start(warmth: Warmth) -> Result<Started, StartError> {
    let (table, bucket, base_url) = (must("TABLE_NAME")?, must("BUCKET")?, must("BASE_URL")?);
    let roots = match setting("ROOT_KEYS_SECRET") {
        Some(arn) => Roots::Secret(arn),
        None => match setting("ROOT_KEYS_FILE") {
            Some(path) => Roots::File(path.into()),
            None => return Err(StartError::Unset("ROOT_KEYS_SECRET")),
        },
    };
    let path_style = match setting("BUCKET_PATH_STYLE").as_deref() {
        Some("1") => PathStyle::Path,
        _ => PathStyle::Host,
    };
    // On a processor of its own, while this one connects.
    let parsing = (warmth == Warmth::Decisions).then(|| spawn_blocking(policy::trust::prepare));
    let sdk = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client()?);
    let sdk = sdk.load().await;
    let table = Table::connect(&sdk, &table);
    let (keys, ()) = tokio::join!(roots.read(&sdk), warm(&table, warmth));
    let keys = keys?;
    if let Some(parsing) = parsing {
        // Starting goes on without: the first decision parses them then.
        let _ = parsing.await;
    }
    let files = Files::connect(&sdk, &bucket, path_style);
    let mut house = House::new(table, files, keys, &base_url);
    house.roots = Some(RootSource { roots, sdk: sdk.clone() });
    let keys = ["ORIGIN_KEY", "ORIGIN_KEY_BEFORE"].into_iter().filter_map(setting);
    let keys: Vec<SecretString> = keys.map(SecretString::from).collect();
    if !keys.is_empty() {
        house.forwarded = Forwarded::Edge(keys);
    }
    Ok(Started { house: Arc::new(house), sdk })
}

/// Connections to AWS, which trust Amazon's authorities and no other: a hundred others cannot stand
/// in for AWS then, and reading those of the system would be most of a start.
fn http_client() -> Result<SharedHttpClient, StartError> {
    let trusted = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    let context = TlsContext::builder().with_trust_store(trusted).build();
    let context = context.map_err(|error| StartError::Connections(error.into()))?;
    let provider = Provider::Rustls(CryptoMode::AwsLc);
    Ok(Builder::new().tls_provider(provider).tls_context(context).build_https())
}

/// Starting goes on without: whoever comes first then waits for the connection.
async fn warm(table: &Table, warmth: Warmth) {
    if warmth != Warmth::Nothing && tokio::time::timeout(WARM_WAIT, table.warm()).await.is_err() {
        tracing::warn!("the table did not answer in time");
    }
}

impl Started {
    /// Makes the way out for mails.
    ///
    /// # Errors
    /// [`StartError::Unset`] without `MAIL_FROM`.
    pub fn mailer(&self) -> Result<Mailer, StartError> {
        let from = must("MAIL_FROM")?;
        Ok(mail::mailer::connect(&self.sdk, from, setting("MAIL_CONFIGURATION_SET")))
    }
}

/// Logs as lines of JSON; what, is told by `RUST_LOG`.
pub fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    // Lambda stamps the time itself.
    tracing_subscriber::fmt().json().with_env_filter(filter).without_time().init();
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn must(name: &'static str) -> Result<String, StartError> {
    setting(name).ok_or(StartError::Unset(name))
}
