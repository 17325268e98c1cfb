//! Settings of the AWS clients: endpoints of this process, and a key pair that opens nothing else.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::dynamo::Dynamo;
use crate::s3::{ACCESS_KEY, SECRET_KEY};

/// The region that signatures name; any does.
const REGION: &str = "local";
/// The SDK's first pause before a retry: short, as nothing here needs time to recover.
const PAUSE: Duration = Duration::from_millis(5);

pub(crate) struct Clients {
    /// Reaches the table.
    pub(crate) dynamo: SdkConfig,
    /// Reaches bucket and mailbox, and signs the addresses that browsers use.
    pub(crate) front: SdkConfig,
}

impl Clients {
    pub(crate) fn new(dynamo: &Dynamo, front: &str, http_client: Option<SharedHttpClient>) -> Self {
        // Everything is on this machine: no TLS to prepare.
        let client =
            http_client.unwrap_or_else(|| aws_smithy_http_client::Builder::new().build_http());
        let config = |endpoint: &str, access_key: &str| {
            let credentials = Credentials::new(access_key, SECRET_KEY, None, None, "local");
            SdkConfig::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(REGION))
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .http_client(client.clone())
                .endpoint_url(endpoint)
                .retry_config(RetryConfig::standard().with_initial_backoff(PAUSE))
                .build()
        };
        let table = config(dynamo.endpoint_url(), dynamo.access_key().unwrap_or(ACCESS_KEY));
        Self { dynamo: table, front: config(front, ACCESS_KEY) }
    }
}
