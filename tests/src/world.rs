//! The whole cloud in one process on a free port, with nothing in it.
//!
//! There is no background worker: a test runs it by [`World::tick`]. The rules' clock shows
//! [`MORNING`] at first and moves by [`World::advance`]; S3's shows the time.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use app::house::House;
use jiff::{SignedDuration, Timestamp};
use local::cloud::{Cloud, Data, Options, TickError};
use local::dynamo::Elsewhere;
use local::mailbox::Mail;
use local::s3::BUCKET;
use pages::renderer::Renderer;
use store::meter::Meter;
use tempfile::TempDir;

use crate::client::Client;
use crate::faults::Faults;
use crate::seed::{self, Company, STAFF_DOMAIN};
use crate::{footprint, roles};

/// The time of day, UTC, at which a world begins: no test sees another day for the hour it runs at.
const MORNING: SignedDuration = SignedDuration::from_hours(9);

/// A cloud of its own for one test.
#[derive(Debug)]
pub struct World {
    /// The company that most tests are about.
    pub acme: Company,
    /// What the routes are served from, and the worker works with.
    pub house: Arc<House>,
    /// What goes wrong on the way to AWS.
    pub faults: Faults,
    /// Requests and units of the table.
    pub meter: Arc<Meter>,
    /// `http://localhost:{port}`.
    pub base_url: String,
    /// A browser without cookies.
    pub http: reqwest::Client,
    /// The cloud itself.
    pub cloud: Cloud,
    /// The table as it is, whatever goes wrong on the way to it.
    pub(crate) table: aws_sdk_dynamodb::Client,
    networks: AtomicU16,
    folder: TempDir,
}

impl World {
    /// Starts a cloud with one company, acme, and its administrator.
    pub async fn start() -> Self {
        let (faults, meter) = (Faults::default(), Arc::new(Meter::default()));
        let folder = temporary_folder();
        let options = Options {
            // Not in memory, where the table's stream grows without an index.
            data: Data::Folder(folder.path().to_owned()),
            http_client: Some(faults.http_client()),
            meter: Some(meter.clone()),
            renderer: Some(Renderer::at(drawer())),
            watch: Some(roles::watch()),
            dynamo: elsewhere(),
            ..Options::for_tests()
        };
        let cloud = Cloud::start(options).await.expect("the cloud starts");
        let house = cloud.house.clone();
        house.clock.advance(until_morning(house.clock.now()));
        Self {
            acme: seed::company(&house, "acme").await,
            house,
            faults,
            meter,
            base_url: cloud.base_url.clone(),
            http: reqwest::Client::new(),
            table: footprint::table_at(&cloud.table_url),
            cloud,
            networks: AtomicU16::new(0),
            folder,
        }
    }

    /// Runs the worker until it has nothing left to do.
    pub async fn tick(&self) {
        self.try_tick().await.expect("the worker works");
    }

    /// Runs the worker until it has nothing left to do, or fails.
    ///
    /// # Errors
    /// What failed; it stays for the next tick.
    pub async fn try_tick(&self) -> Result<(), TickError> {
        roles::as_function(roles::WORKER, Box::pin(self.cloud.tick())).await.map(drop)
    }

    /// The rules' time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.house.clock.now()
    }

    /// Moves the rules' time ahead. Sessions of members end after an hour: make them anew.
    pub fn advance(&self, step: SignedDuration) {
        self.house.clock.advance(step);
    }

    /// A browser that nobody knows, on a network of its own.
    #[must_use]
    pub fn visitor(&self) -> Client {
        let [high, low] = self.networks.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        Client::new(self.http.clone(), &self.base_url, &format!("198.18.{high}.{low}"))
    }

    /// What the bucket holds under `key`.
    #[must_use]
    pub fn object(&self, key: &str) -> Vec<u8> {
        let path = self.folder.path().join("files").join(BUCKET).join(key);
        std::fs::read(&path).unwrap_or_else(|error| panic!("no object `{key}`: {error}"))
    }

    /// Every mail so far, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Arc<Mail>> {
        let mut mails = self.cloud.mailbox.newest_first();
        mails.reverse();
        mails
    }

    /// Every mail so far to somebody who is no member of a company here, oldest first.
    #[must_use]
    pub fn mails_outside(&self) -> Vec<Arc<Mail>> {
        let is_outside = |mail: &Arc<Mail>| mail.to.iter().all(|to| !to.ends_with(STAFF_DOMAIN));
        self.mails().into_iter().filter(is_outside).collect()
    }

    /// Every mail to `address` so far, oldest first.
    #[must_use]
    pub fn mails_to(&self, address: &str) -> Vec<Arc<Mail>> {
        let is_to = |mail: &Arc<Mail>| mail.to.iter().any(|to| to == address);
        self.mails().into_iter().filter(is_to).collect()
    }

    /// The mail that came to `address` last.
    #[must_use]
    #[track_caller]
    pub fn last_mail(&self, address: &str) -> Arc<Mail> {
        self.last_mail_with(address, "")
    }

    /// The last mail to `address` that contains `text`.
    #[must_use]
    #[track_caller]
    pub fn last_mail_with(&self, address: &str, text: &str) -> Arc<Mail> {
        let found = self.mails_to(address).into_iter().rfind(|mail| mail.text.contains(text));
        found.unwrap_or_else(|| panic!("no such mail to {address} among {:?}", self.mails()))
    }
}

/// The `DynamoDB` at `DYNAMODB_URL`, with tables that no other test sees; none for the embedded
/// one.
fn elsewhere() -> Option<Elsewhere> {
    let url = std::env::var("DYNAMODB_URL").ok()?;
    // It takes letters and digits only.
    Some(Elsewhere { url, access_key: ulid::Ulid::generate().to_string() })
}

/// The program beside this test's that draws pages.
fn drawer() -> PathBuf {
    let program = std::env::current_exe().expect("a test is a program");
    // Tests lie in `deps`, programs above it.
    let folder = program.ancestors().skip(1).find(|folder| folder.join("drawer").is_file());
    folder.expect("cargo builds a package's programs before its tests").join("drawer")
}

/// From `now` to the next [`MORNING`].
fn until_morning(now: Timestamp) -> SignedDuration {
    let [morning, day] = [MORNING, SignedDuration::from_hours(24)].map(|since| since.as_secs());
    SignedDuration::from_secs((morning - now.as_second()).rem_euclid(day))
}

/// A folder that is gone with the test; in memory where Linux offers that, as writing through to a
/// disk takes most of a test's time.
fn temporary_folder() -> TempDir {
    TempDir::with_prefix_in("vestibule-", "/dev/shm")
        .or_else(|_| TempDir::with_prefix("vestibule-"))
        .expect("a folder for temporary files")
}

/// The token in the first link to a page under `path`, such as `/p/acme`.
#[must_use]
#[track_caller]
pub fn token_in(mail: &Mail, path: &str) -> String {
    let start = format!("{path}#");
    let found = mail.text.split_once(&start).map(|(_, rest)| rest);
    let rest = found.unwrap_or_else(|| panic!("no link to {path} in\n{}", mail.text));
    let is_token = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    rest.chars().take_while(|c| is_token(*c)).collect()
}

/// The six digits in a mail's subject.
#[must_use]
#[track_caller]
pub fn code_in(mail: &Mail) -> String {
    let mut words = mail.subject.split_whitespace();
    let code = words.next().zip(words.next()).map(|(left, right)| format!("{left}{right}"));
    let is_code = |code: &String| code.len() == 6 && code.bytes().all(|c| c.is_ascii_digit());
    code.filter(is_code).unwrap_or_else(|| panic!("no code in `{}`", mail.subject))
}
