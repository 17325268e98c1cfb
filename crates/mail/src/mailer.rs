//! Hands rendered mails to SES, one request each.

use std::time::Duration;

use aws_sdk_sesv2::config::SharedInterceptor;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::types::{
    Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag,
};
use aws_sdk_sesv2::{Client, config};
use aws_types::SdkConfig;

use crate::error::{MailError, Source};
use crate::message::Rendered;
use crate::sender::mailbox;

/// Name of the tag under which SES's events carry what [`Mailer::send`] was given.
pub const TAG_NAME: &str = "outbox";

/// The most characters of a tag's value (SES API v2, `MessageTag`).
const TAG_MAX: usize = 256;

/// How long SES may take. Past it the mail is in doubt, and the outbox settles that better than
/// a longer wait would.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends mails through SES.
///
/// The configuration set, if any, must not track clicks: a tracker rewrites links and would hold
/// their secrets.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    from: String,
    configuration_set: Option<String>,
}

/// Makes a mailer from the process's AWS settings; arguments as for [`Mailer::new`].
#[must_use]
pub fn connect(sdk: &SdkConfig, from: String, configuration_set: Option<String>) -> Mailer {
    Mailer::new(Client::new(sdk), from, configuration_set)
}

impl Mailer {
    /// Makes a mailer that sends from the bare address `from`, which SES must know, and reports
    /// its events through `configuration_set`.
    #[must_use]
    pub fn new(client: Client, from: String, configuration_set: Option<String>) -> Self {
        Self { client, from, configuration_set }
    }

    /// The mailer with every call told to `interceptor` before it is sent.
    #[must_use]
    pub fn watched(mut self, interceptor: SharedInterceptor) -> Self {
        let config = self.client.config().to_builder().interceptor(interceptor);
        self.client = Client::from_conf(config.build());
        self
    }

    /// Sends one mail, once, and returns SES's id of it.
    ///
    /// `from_name` is shown as the sender, usually the tenant's name. `tag` names the outbox row:
    /// SES's events carry it under [`TAG_NAME`], also when the answer here was lost.
    ///
    /// # Errors
    /// [`MailError::Refused`] never try again; [`MailError::Throttled`] and [`MailError::Blocked`]
    /// nothing left, try later; [`MailError::InDoubt`] it may have left;
    /// [`MailError::BadTag`] SES would drop the tag, so nothing was sent.
    pub async fn send(
        &self,
        to: &str,
        from_name: &str,
        reply_to: Option<&str>,
        rendered: &Rendered,
        tag: &str,
    ) -> Result<String, MailError> {
        if !is_tag(tag) {
            return Err(MailError::BadTag { tag: tag.to_owned() });
        }
        // Only a missing required field fails here, and none is missing.
        let broken = |source: BuildError| MailError::Blocked { source: source.into() };
        let content = content(rendered).map_err(broken)?;
        let tag = MessageTag::builder().name(TAG_NAME).value(tag).build().map_err(broken)?;
        let sent = self
            .client
            .send_email()
            .from_email_address(mailbox(from_name, &self.from))
            .destination(Destination::builder().to_addresses(to).build())
            .set_reply_to_addresses(reply_to.map(|address| vec![address.to_owned()]))
            .content(content)
            .email_tags(tag)
            .set_configuration_set_name(self.configuration_set.clone())
            .customize()
            .config_override(one_try())
            .send()
            .await
            .map_err(MailError::from_ses)?;
        let no_id = || MailError::InDoubt { source: Source::from("the answer names no message") };
        sent.message_id.ok_or_else(no_id)
    }
}

/// One request only: the SDK's own retry would mail twice where only the answer was lost.
fn one_try() -> config::Builder {
    let timeouts = TimeoutConfig::builder().operation_timeout(SEND_TIMEOUT).build();
    config::Builder::new().retry_config(RetryConfig::disabled()).timeout_config(timeouts)
}

fn content(rendered: &Rendered) -> Result<EmailContent, BuildError> {
    let utf8 = |data: &str| Content::builder().data(data).charset("UTF-8").build();
    let body = Body::builder().text(utf8(&rendered.text)?).html(utf8(&rendered.html)?).build();
    // Keeps absence notes from answering (RFC 3834, section 5).
    let automatic = MessageHeader::builder().name("Auto-Submitted").value("auto-generated");
    let message = Message::builder()
        .subject(utf8(&rendered.subject)?)
        .body(body)
        .headers(automatic.build()?)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

/// Whether SES keeps `tag` (SES API v2, `MessageTag`).
fn is_tag(tag: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !tag.is_empty() && tag.len() <= TAG_MAX && tag.bytes().all(allowed)
}
