//! A deployed Vestibule: AWS on this machine, and each route a function of its own.

use std::collections::{BTreeMap, HashMap};

use app::house::House;
use app::house::keyring::Keyring;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use files::{Files, PathStyle};
use functions::routes::ROUTES;
use local::dynamo::stream::StreamReader;
use local::dynamo::{Dynamo, Place};
use local::front::{Front, Parts};
use local::mailbox::Mailbox;
use local::s3::{ACCESS_KEY, BUCKET, Bucket, SECRET_KEY};
use serde_json::{Value, json};
use store::Table;
use tempfile::TempDir;
use tests::events::{Request, api_gateway, schedule, stream_record};
use tests::runtime::{Function, Outcome};
use tokio::sync::oneshot;

/// Where the pages would be.
pub(crate) const BASE_URL: &str = "https://trust.acme.example";
const TABLE: &str = "vestibule";
const REGION: &str = "eu-central-1";
/// Where every visitor calls from, as the edge sees it.
pub(crate) const VISITOR_ADDRESS: &str = "203.0.113.7";
/// What the edge proves itself by.
pub(crate) const ORIGIN_KEY: &str = "a key that only the edge knows";
/// What it proved itself by until lately.
pub(crate) const ORIGIN_KEY_BEFORE: &str = "a key that only the edge knew";

/// What is deployed, and what AWS holds for it.
pub(crate) struct Site {
    /// For what happens outside: founding.
    pub(crate) house: House,
    pub(crate) mailbox: Mailbox,
    pub(crate) http: reqwest::Client,
    functions: HashMap<&'static str, Function>,
    worker: Function,
    reader: StreamReader,
    env: Vec<(&'static str, String)>,
    _dynamo: Dynamo,
    _stop: oneshot::Sender<()>,
    _folder: TempDir,
}

/// What a function answered to API Gateway.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Value,
    /// The body, where it is bytes.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// A browser: its cookies as pairs.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Site {
    pub(crate) async fn deploy() -> Self {
        let folder = TempDir::with_prefix("vestibule-").unwrap();
        let dynamo = Dynamo::start(Place::File(folder.path().join("table.db"))).await.unwrap();
        let bucket = Bucket::open(&folder.path().join("files")).unwrap();
        let mailbox = Mailbox::open(&folder.path().join("mails.jsonl")).unwrap();
        let front = Front::bind(0).await.unwrap();
        let front_url = front.base_url();
        let parts =
            Parts { api: axum::Router::new(), bucket, mailbox: mailbox.clone(), trust_slug: None };
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(front.serve(parts.into_router(), async { drop(stopped.await) }));

        let roots = Keyring::generate([9; 32]);
        let roots_file = folder.path().join("roots");
        std::fs::write(&roots_file, &roots).unwrap();
        let table = Table::connect(&sdk(dynamo.endpoint_url()), TABLE);
        table.create().await.unwrap();
        let files = Files::connect(&sdk(&front_url), BUCKET, PathStyle::Path);
        let house = House::new(table, files, Keyring::parse(&roots).unwrap(), BASE_URL);
        let env = vec![
            ("TABLE_NAME", TABLE.to_owned()),
            ("BUCKET", BUCKET.to_owned()),
            ("BUCKET_PATH_STYLE", "1".to_owned()),
            ("BASE_URL", BASE_URL.to_owned()),
            ("ROOT_KEYS_FILE", roots_file.display().to_string()),
            ("ORIGIN_KEY", ORIGIN_KEY.to_owned()),
            ("ORIGIN_KEY_BEFORE", ORIGIN_KEY_BEFORE.to_owned()),
            ("MAIL_FROM", "mail@acme.example".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint_url().to_owned()),
            ("AWS_ENDPOINT_URL_S3", front_url.clone()),
            ("AWS_ENDPOINT_URL_SESV2", front_url),
        ];
        let program = program("worker", env!("CARGO_BIN_EXE_worker-bootstrap"));
        Self {
            house,
            mailbox,
            http: reqwest::Client::new(),
            functions: HashMap::new(),
            worker: Function::start(&program, "bootstrap", &env).await,
            reader: dynamo.stream(TABLE, folder.path().join("stream.place")),
            env,
            _dynamo: dynamo,
            _stop: stop,
            _folder: folder,
        }
    }

    /// Calls a route through its own function, started when it is first called.
    pub(crate) async fn call(
        &mut self,
        browser: &mut Browser,
        route: &'static str,
        parts: &[&str],
        body: Option<Value>,
    ) -> Answer {
        let row = ROUTES.iter().find(|row| row.name == route).expect("a route of that name");
        let mut parts = parts.iter().copied();
        let fill = |part: &'static str| {
            if part.starts_with('{') {
                parts.next().expect("a part for each parameter")
            } else {
                part
            }
        };
        let path = row.path.split('/').map(fill).collect::<Vec<_>>().join("/");
        let body = body.map(|body| body.to_string());
        let mut headers = BTreeMap::from([
            ("host".to_owned(), "trust.acme.example".to_owned()),
            ("x-vestibule-visitor".to_owned(), VISITOR_ADDRESS.to_owned()),
            ("x-origin-key".to_owned(), ORIGIN_KEY.to_owned()),
            ("x-vestibule".to_owned(), "1".to_owned()),
        ]);
        if body.is_some() {
            headers.insert("content-type".to_owned(), "application/json".to_owned());
            headers.insert("origin".to_owned(), BASE_URL.to_owned());
        }
        let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect();
        let method = row.method.as_str();
        let request = Request { method, path: &path, query: "", headers, cookies, body };

        if !self.functions.contains_key(route) {
            let program = program("functions", env!("CARGO_BIN_EXE_functions-bootstrap"));
            let function = Function::start(&program, route, &self.env).await;
            self.functions.insert(route, function);
        }
        let answer = self.functions[route].invoke(api_gateway(&request)).await;
        let answer = Answer::read(&answer.expect("the function answers"));
        browser.keep(&answer.cookies);
        answer
    }

    /// Sends a path to the function of another route, which must have been called before.
    pub(crate) async fn misroute(&self, route: &str, path: &str) -> Answer {
        self.send(route, path, ORIGIN_KEY).await
    }

    /// Gets a path from the function of a route, which must have been called before, as whoever
    /// says `key` for the edge's.
    pub(crate) async fn send(&self, route: &str, path: &str, key: &str) -> Answer {
        let headers = BTreeMap::from([("x-origin-key".to_owned(), key.to_owned())]);
        let request = Request { method: "GET", path, headers, ..Request::default() };
        let answer = self.functions[route].invoke(api_gateway(&request)).await;
        Answer::read(&answer.expect("the function answers"))
    }

    /// Feeds the worker everything that changed, until nothing changes any more.
    pub(crate) async fn ring(&mut self) {
        while let Some(batch) = self.reader.next_batch().unwrap() {
            let records = batch.records.iter().enumerate().map(|(number, record)| {
                let kind = record["eventName"].as_str().unwrap();
                stream_record(number, &record["dynamodb"]["Keys"], kind)
            });
            let event = json!({ "Records": records.collect::<Vec<_>>() });
            let answer = self.worker.invoke(event).await.expect("the worker answers");
            assert_eq!(answer["batchItemFailures"], json!([]));
            self.reader.advance(&batch).unwrap();
        }
    }

    /// Wakes the worker as the schedule does each minute.
    pub(crate) async fn minute(&self) -> Value {
        self.worker.invoke(schedule()).await.expect("the worker answers")
    }

    /// Has the operator's function carry out an order.
    pub(crate) async fn order(&self, event: Value) -> Outcome {
        let program = program("worker", env!("CARGO_BIN_EXE_worker-bootstrap"));
        let operator = Function::start(&program, "operator", &self.env).await;
        operator.invoke(event).await
    }

    /// What the worker says to an event that is none of its own.
    pub(crate) async fn misfire(&self, event: Value) -> Value {
        self.worker.invoke(event).await.expect_err("the worker refuses")
    }
}

impl Answer {
    fn read(answer: &Value) -> Self {
        let text = answer["body"].as_str().unwrap_or_default();
        let cookies = answer["cookies"].as_array().into_iter().flatten();
        let is_bytes = answer["isBase64Encoded"] == true;
        Self {
            bytes: is_bytes.then(|| STANDARD.decode(text).expect("base64")),
            status: answer["statusCode"].as_u64().expect("a status"),
            headers: answer["headers"].clone(),
            cookies: cookies.map(|cookie| cookie.as_str().unwrap().to_owned()).collect(),
            body: serde_json::from_str(text).unwrap_or_default(),
        }
    }

    /// The body of an answer that must have `status`.
    #[track_caller]
    pub(crate) fn expect(self, status: u64) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.body
    }
}

impl Browser {
    fn keep(&mut self, cookies: &[String]) {
        for cookie in cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie is a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn sdk(endpoint_url: &str) -> SdkConfig {
    let http_client = aws_smithy_http_client::Builder::new().build_http();
    let credentials = Credentials::from_keys(ACCESS_KEY, SECRET_KEY, None);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
            credentials,
        ))
        .http_client(http_client)
        .endpoint_url(endpoint_url)
        .build()
}

/// The program to start: of `make package`, if `BOOTSTRAPS` names the folder that it filled; else
/// the one that is built with the tests.
fn program(package: &str, built: &str) -> String {
    match std::env::var("BOOTSTRAPS") {
        Ok(folder) => format!("{folder}/{package}/bootstrap"),
        Err(_) => built.to_owned(),
    }
}
