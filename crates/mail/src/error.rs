//! Why a mail was not made or not sent, and whether to try again.

use std::error::Error;

use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::RequestId;
use aws_sdk_sesv2::operation::send_email::SendEmailError;

/// What went wrong underneath.
pub type Source = Box<dyn Error + Send + Sync>;

/// Why a mail was not made or not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A template failed to render; a defect here, never the caller's data.
    #[error("failed to render the `{purpose}` mail")]
    Template {
        /// Which mail, as [`crate::message::Message::purpose`] names it.
        purpose: &'static str,
        /// What the template engine said.
        #[source]
        source: askama::Error,
    },
    /// The code to be mailed is not six digits.
    #[error("a mailed code must be six digits")]
    NotACode,
    /// The link to be mailed is not an `http` or `https` address in one piece.
    #[error("a mailed link must be an http or https address without spaces")]
    NotALink,
    /// SES would drop the tag, and with it the way back from its events.
    #[error("the tag `{tag}` must be 1 to 256 letters, digits, `-` or `_` of ASCII")]
    BadTag {
        /// The tag as given.
        tag: String,
    },
    /// SES refused this address or message for good; nothing left. Never try again.
    #[error("the mail was refused for good")]
    Refused {
        /// What SES said.
        #[source]
        source: Source,
    },
    /// Too fast or over the day's quota; nothing left. Try again later.
    #[error("the mail was throttled")]
    Throttled {
        /// What SES said.
        #[source]
        source: Source,
    },
    /// The sending account, domain or permission is not in order; nothing left. The message is
    /// not at fault: try again later, and tell the operator.
    #[error("sending is blocked until the operator acts")]
    Blocked {
        /// What SES or the SDK said.
        #[source]
        source: Source,
    },
    /// No clear answer came: the mail may have left. Wait for SES's event before trying again.
    #[error("the mail may or may not have left")]
    InDoubt {
        /// What broke.
        #[source]
        source: Source,
    },
}

/// Stands in what SES says of a domain that is not verified yet, or not any more, and of any reader
/// while the account is in the sandbox: "Email address is not verified. The following identities
/// failed the check in region …" ("Amazon SES email sending errors", SES Developer Guide). It is said
/// with the code of mails that may never leave, but it is the account's fault, and passes.
const NOT_VERIFIED: &str = "not verified";

/// What SES answered, without the addresses its sentences quote: errors are logged.
#[derive(Debug, thiserror::Error)]
#[error("ses answered {status} `{code}` to request `{request}`: {message}")]
struct Answer {
    status: u16,
    code: String,
    request: String,
    message: String,
}

impl MailError {
    /// Sorts a failed `SendEmail` by what may be done next.
    pub(crate) fn from_ses(err: SdkError<SendEmailError, HttpResponse>) -> Self {
        use SendEmailError::{
            BadRequestException, LimitExceededException, MessageRejected, TooManyRequestsException,
        };

        let answered = match err {
            SdkError::ServiceError(answered) => answered,
            // Nothing was put on the wire: no credentials, no region, no endpoint.
            SdkError::ConstructionFailure(_) => return Self::Blocked { source: err.into() },
            // Time-outs, broken connections, unreadable answers: the SDK cannot tell whether the
            // request arrived, so neither can we.
            _ => return Self::InDoubt { source: err.into() },
        };
        let status = answered.raw().status().as_u16();
        let answer = Answer::new(answered.err(), status);
        let is_throttle = status == 429 || answer.code.starts_with("Throttl");
        let lacks_verification = answer.message.contains(NOT_VERIFIED);
        let source: Source = Box::new(answer);
        match answered.err() {
            // Judged first: only a 4xx says that nothing left, whatever code stands beside it.
            _ if !(400..500).contains(&status) => Self::InDoubt { source },
            MessageRejected(_) if lacks_verification => Self::Blocked { source },
            MessageRejected(_) | BadRequestException(_) => Self::Refused { source },
            TooManyRequestsException(_) | LimitExceededException(_) => Self::Throttled { source },
            _ if is_throttle => Self::Throttled { source },
            // Suspended, paused, unverified domain, no such configuration set, access denied.
            _ => Self::Blocked { source },
        }
    }
}

impl Answer {
    fn new(err: &SendEmailError, status: u16) -> Self {
        Self {
            status,
            code: err.code().unwrap_or("unknown").to_owned(),
            request: err.request_id().unwrap_or("unknown").to_owned(),
            message: without_addresses(err.message().unwrap_or_default()),
        }
    }
}

/// SES names the address it refuses; a log must not.
fn without_addresses(message: &str) -> String {
    let words = message.split_whitespace();
    let words = words.map(|word| if word.contains('@') { "[address]" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
