//! What SES would have sent: an endpoint that takes mails from the SES client, and a page to read
//! them.
//!
//! What SES would tell of each mail waits here for the worker ([`Mailbox::next_news`]).
//!
//! Mails are lines of JSON appended to one file, written through before the sender is told. The
//! newest [`MAILS_MAX`] are listed. Faults can be ordered for tests, before the mail is kept and
//! after it.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{self, DefaultBodyLimit, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ulid::Ulid;

mod news;
mod ses;

use crate::file::replace;
use crate::pages;

/// Mails listed and kept in memory.
pub const MAILS_MAX: usize = 500;

/// The file is cut to [`MAILS_MAX`] mails when it is opened with more than this.
const LINES_MAX: usize = 4 * MAILS_MAX;

/// SES takes mails of 40 MB, base64 included; ours have no attachments.
const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A mail's own page: it may look as it likes and open links in new tabs, and can do nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
    sandbox allow-popups allow-popups-to-escape-sandbox";

/// A mail as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The `MessageId` that the sender was given.
    pub id: String,
    pub from: String,
    pub to: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Tags as SES would put into its events, name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
    pub sent_at: Timestamp,
}

/// How the endpoint fails when ordered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 `TooManyRequestsException`; no mail is kept.
    Throttled,
    /// 500; no mail is kept.
    FailedBeforeSending,
    /// 429 although the mail was sent.
    ThrottledAfterSending,
    /// 500 although the mail was sent: a lost reply.
    FailedAfterSending,
}

/// Why the mailbox did not open; one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep mails in `{}`", path.display())]
pub struct MailboxError {
    path: PathBuf,
    source: io::Error,
}

/// The mailbox. Cheap to clone, one behind all clones.
#[derive(Clone, Debug)]
pub struct Mailbox {
    state: Arc<Mutex<Kept>>,
}

#[derive(Debug)]
struct Kept {
    file: File,
    /// Oldest first, at most [`MAILS_MAX`].
    mails: VecDeque<Arc<Mail>>,
    /// Answers ordered for the next sends, soonest first.
    faults: VecDeque<Fault>,
    /// News that nobody heard yet, oldest first. A restart forgets it.
    news: VecDeque<Value>,
    /// Whether news is told or withheld.
    telling: Telling,
}

/// Whether the mailbox tells what became of mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    Told,
    Withheld,
}

#[derive(Serialize)]
struct Listing<'a> {
    items: Vec<&'a Mail>,
}

impl Mailbox {
    /// Opens the mails of `path`, making the file if absent. A last line cut short by a crash is
    /// dropped: its sender was never told that it was kept.
    ///
    /// # Errors
    /// [`MailboxError`] if the file cannot be read or written.
    pub fn open(path: &Path) -> Result<Self, MailboxError> {
        let failed = |source| MailboxError { path: path.into(), source };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => String::new(),
            Err(reason) => return Err(failed(reason)),
        };
        let newest_first = text.lines().rev().filter_map(|line| serde_json::from_str(line).ok());
        let mut mails: VecDeque<Arc<Mail>> = newest_first.take(MAILS_MAX).map(Arc::new).collect();
        mails.make_contiguous().reverse();
        let whole = text.is_empty() || text.ends_with('\n');
        if !whole || LINES_MAX < text.lines().count() {
            rewrite(path, &mails).map_err(failed)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        let (faults, news) = (VecDeque::new(), VecDeque::new());
        let kept = Kept { file, mails, faults, news, telling: Telling::Told };
        Ok(Self { state: Arc::new(Mutex::new(kept)) })
    }

    /// The endpoint for the SES client and the pages under `/_local/mail`.
    pub fn router(&self) -> axum::Router {
        axum::Router::new()
            .route("/v2/email/outbound-emails", post(send))
            .route("/_local/mail", get(list))
            .route("/_local/mail/{id}/html", get(show))
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .with_state(self.clone())
    }

    /// The next `sends` fail so, after those ordered earlier.
    pub fn fail_next(&self, sends: usize, fault: Fault) {
        self.with(|kept| kept.faults.extend(std::iter::repeat_n(fault, sends)));
    }

    /// From now on nothing is told of mails, as if SES's events were late.
    pub fn withhold_news(&self) {
        self.with(|kept| kept.telling = Telling::Withheld);
    }

    /// Takes the oldest news that nobody heard yet, as SES would publish it.
    #[must_use]
    pub fn next_news(&self) -> Option<Value> {
        self.with(|kept| kept.news.pop_front())
    }

    /// Gives news back that could not be dealt with.
    pub(crate) fn return_news(&self, news: Value) {
        self.with(|kept| kept.news.push_front(news));
    }

    /// The [`MAILS_MAX`] mails that arrived last, newest first.
    #[must_use]
    pub fn newest_first(&self) -> Vec<Arc<Mail>> {
        self.with(|kept| kept.mails.iter().rev().cloned().collect())
    }

    fn with<T>(&self, action: impl FnOnce(&mut Kept) -> T) -> T {
        // A panic in between left the mails as they were: they are only appended to.
        action(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    /// Keeps a mail unless a fault forbids it; answers whether a fault is to be reported.
    fn take(&mut self, mail: Mail) -> io::Result<Option<Fault>> {
        let fault = self.faults.pop_front();
        if let Some(Fault::Throttled | Fault::FailedBeforeSending) = fault {
            return Ok(fault);
        }
        let mut line = serde_json::to_vec(&mail)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()?;
        if self.mails.len() == MAILS_MAX {
            self.mails.pop_front();
        }
        if self.telling == Telling::Told {
            self.news.extend(news::news_of(&mail));
        }
        self.mails.push_back(Arc::new(mail));
        Ok(fault)
    }
}

/// Leaves only `mails` in the file.
fn rewrite(path: &Path, mails: &VecDeque<Arc<Mail>>) -> io::Result<()> {
    let mut lines = Vec::new();
    for mail in mails {
        serde_json::to_writer(&mut lines, mail.as_ref())?;
        lines.push(b'\n');
    }
    replace(path, &lines)
}

async fn send(
    State(mailbox): State<Mailbox>,
    // Only JSON by name, so that a foreign page cannot post a mail without asking first.
    outbound: Result<Json<ses::Outbound>, JsonRejection>,
) -> Response {
    let mail = match outbound {
        Ok(Json(outbound)) => outbound.into_mail(Ulid::generate().to_string(), Timestamp::now()),
        Err(reason) => return ses::bad_request(&reason.body_text()),
    };
    let id = mail.id.clone();
    // Writing through to the disk takes a while.
    let kept = tokio::task::spawn_blocking(move || mailbox.with(|kept| kept.take(mail))).await;
    match kept {
        Ok(Ok(None)) => ses::sent(&id),
        Ok(Ok(Some(fault))) => ses::fault(fault),
        Ok(Err(reason)) => {
            tracing::error!(%reason, "a mail could not be kept");
            ses::fault(Fault::FailedBeforeSending)
        }
        Err(reason) => {
            tracing::error!(%reason, "keeping a mail was cut short");
            ses::fault(Fault::FailedBeforeSending)
        }
    }
}

async fn list(State(mailbox): State<Mailbox>, headers: HeaderMap) -> Response {
    if prefers_html(&headers) {
        return pages::html(include_str!("mailbox/mailbox.html"));
    }
    let mails = mailbox.newest_first();
    // The page asks every few seconds; nearly always nothing has come.
    let newest = mails.first().map_or("none", |mail| mail.id.as_str());
    let tag = format!("\"{newest}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let items = mails.iter().map(Arc::as_ref).collect();
    ([(ETAG, tag), (CACHE_CONTROL, "no-cache".into())], Json(Listing { items })).into_response()
}

/// Whether a browser asks to show it, rather than a program to read it.
fn prefers_html(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()) else {
        return false;
    };
    match (accept.find("text/html"), accept.find("application/json")) {
        (Some(html), Some(json)) => html < json,
        (html, _) => html.is_some(),
    }
}

async fn show(
    State(mailbox): State<Mailbox>,
    extract::Path(id): extract::Path<String>,
) -> Response {
    let found = mailbox.with(|kept| kept.mails.iter().find(|mail| mail.id == id).cloned());
    let Some(mail) = found else { return StatusCode::NOT_FOUND.into_response() };
    // Links must leave the frame, where the sandbox would hold their pages.
    let page = format!("<base target=\"_blank\">{}", mail.html);
    let mut response = pages::protect(Html(page).into_response());
    let policy = HeaderValue::from_static(MAIL_POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}
