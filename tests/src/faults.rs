//! Faults of AWS, injected between the SDK and the wire.
//!
//! [`Faults`] sits beneath the SDK's own retries and counts *operations*: all tries of one
//! operation carry the same invocation id and count once. What fails is decided by a plan, a
//! function of the call; between [`Faults::arm`] and [`Faults::disarm`] only. What others do while
//! a call is on its way is played by [`Faults::before`].

use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::busy::Busy;

/// How long a call is waited for that is to be held back.
const PATIENCE: Duration = Duration::from_mins(1);

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks before the request is sent: nothing happens.
    Unsent,
    /// The request is done, and the connection breaks before the reply.
    ReplyLost,
    /// 503, and nothing happens.
    Unavailable,
    /// 503 though the request was done.
    UnavailableThoughDone,
    /// The service asks to slow down; nothing happens.
    Throttled,
    /// A transaction is cancelled because of another one; nothing happens.
    Conflict,
    /// The same, told although the transaction was done.
    ConflictThoughDone,
}

impl Fault {
    /// Whether what was asked for happens all the same.
    #[must_use]
    pub fn is_done(self) -> bool {
        match self {
            Self::ReplyLost | Self::UnavailableThoughDone | Self::ConflictThoughDone => true,
            Self::Unsent | Self::Unavailable | Self::Throttled | Self::Conflict => false,
        }
    }
}

/// Which tries of an operation a fault meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The first: the SDK's own retry gets through.
    FirstTry,
    /// All: the caller sees the error.
    EveryTry,
    /// The first, if the operation is a transaction.
    Transactions,
}

impl Reach {
    /// Whether the fault meets `call`.
    #[must_use]
    pub fn meets(self, call: &Call) -> bool {
        match self {
            Self::FirstTry => call.attempt == 1,
            Self::EveryTry => true,
            Self::Transactions => call.attempt == 1 && call.operation.contains("Transact"),
        }
    }
}

/// One try of one call, as a plan sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which operation since arming, from 0.
    pub place: usize,
    /// Which try of it, from 1.
    pub attempt: usize,
    /// What it is: `dynamodb.TransactWriteItems`, `s3.PUT`, `s3.COPY`, `ses.POST`.
    pub operation: String,
    /// What is sent, where it is text.
    pub body: String,
}

impl Call {
    /// Whether it may leave something: everything does but what is known to read.
    #[must_use]
    pub fn writes(&self) -> bool {
        let reads = ["GetItem", "Query", "BatchGetItem", "TransactGetItems", "Scan", "GET", "HEAD"];
        let operation = self.operation.split_once('.').map_or("", |(_, name)| name);
        !reads.contains(&operation)
    }
}

type Plan = Box<dyn FnMut(&Call) -> Option<Fault> + Send>;

/// Where one call waits.
#[derive(Clone)]
struct Gate {
    operation: &'static str,
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

/// The faults of one cloud. Cheap to clone, one behind all clones.
#[derive(Clone, Default)]
pub struct Faults {
    state: Arc<Mutex<State>>,
    gate: Arc<Mutex<Option<Gate>>>,
    /// How long calls were on the wire and in the services behind it.
    pub wire: Arc<Busy>,
}

#[derive(Default)]
struct State {
    plan: Option<Plan>,
    places: HashMap<String, usize>,
    tries: HashMap<usize, usize>,
    calls: Vec<Call>,
    in_flight: usize,
    rounds: usize,
}

impl fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Faults")
    }
}

impl Faults {
    /// From now on calls are counted from 0 and fail as `plan` says.
    pub fn arm(&self, plan: impl FnMut(&Call) -> Option<Fault> + Send + 'static) {
        self.with(|state| *state = State { plan: Some(Box::new(plan)), ..State::default() });
    }

    /// Only counts.
    pub fn count(&self) {
        self.arm(|_| None);
    }

    /// Whether calls are counted.
    pub fn is_armed(&self) -> bool {
        self.with(|state| state.plan.is_some())
    }

    /// The operation at `place` fails so.
    pub fn fail(&self, place: usize, fault: Fault, reach: Reach) {
        self.arm(move |call| (call.place == place && reach.meets(call)).then_some(fault));
    }

    /// Everything from `place` on is never sent, as if the process had died before.
    pub fn die_before(&self, place: usize) {
        self.arm(move |call| (place <= call.place).then_some(Fault::Unsent));
    }

    /// The operation at `place` is done and nothing is heard of it or sent after, as if the process
    /// had died in between.
    pub fn die_after(&self, place: usize) {
        self.arm(move |call| match call.place.cmp(&place) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal if call.attempt == 1 => Some(Fault::ReplyLost),
            _ => Some(Fault::Unsent),
        });
    }

    /// Does `work` when the next call of `operation` is about to be sent; it is sent after.
    ///
    /// # Panics
    /// If there is no such call.
    pub async fn before<T>(&self, operation: &'static str, work: impl Future<Output = T>) -> T {
        let gate = Gate { operation, reached: Arc::default(), open: Arc::default() };
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = Some(gate.clone());
        let reached = timeout(PATIENCE, gate.reached.notified()).await;
        reached.unwrap_or_else(|_| panic!("no call of {operation}"));
        let done = work.await;
        gate.open.notify_one();
        done
    }

    /// Where `request` is to wait, if anywhere.
    fn gate_of(&self, request: &HttpRequest) -> Option<Gate> {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        gate.take_if(|gate| gate.operation == operation(request))
    }

    /// Stops failing and counting; answers what was called, every try of it.
    pub fn disarm(&self) -> Vec<Call> {
        self.with(|state| std::mem::take(state).calls)
    }

    /// How many round trips one after the other the calls since arming took: those in flight at
    /// once count as one.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.with(|state| state.rounds)
    }

    fn begin(&self) {
        self.wire.begin();
        self.with(|state| {
            state.rounds += usize::from(state.in_flight == 0);
            state.in_flight += 1;
        });
    }

    fn end(&self) {
        self.wire.end();
        self.with(|state| state.in_flight = state.in_flight.saturating_sub(1));
    }

    /// An HTTP client for the SDK that meets these faults.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let inner = aws_smithy_http_client::Builder::new().build_http();
        SharedHttpClient::new(Faulty { inner, faults: self.clone() })
    }

    fn judge(&self, request: &HttpRequest) -> Option<Fault> {
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
        let invocation = header("amz-sdk-invocation-id");
        self.with(|state| {
            let mut plan = state.plan.take()?;
            let next = state.places.len();
            let place = *state.places.entry(invocation).or_insert(next);
            let tries = state.tries.entry(place).or_default();
            *tries += 1;
            let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
            let (operation, body) = (operation(request), body.into_owned());
            let call = Call { place, attempt: *tries, operation, body };
            let fault = plan(&call);
            state.calls.push(call);
            state.plan = Some(plan);
            fault
        })
    }

    fn with<T>(&self, action: impl FnOnce(&mut State) -> T) -> T {
        action(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How many operations `calls` are; retries count once.
#[must_use]
pub fn operations(calls: &[Call]) -> usize {
    calls.iter().map(|call| call.place + 1).max().unwrap_or(0)
}

/// One line for each of `calls`.
#[must_use]
pub fn list(calls: &[Call]) -> String {
    calls.iter().fold(String::new(), |mut text, call| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {} {} (try {})", call.place, call.operation, call.attempt);
        text
    })
}

/// The service and the operation, as far as headers tell.
fn operation(request: &HttpRequest) -> String {
    let headers = request.headers();
    if let Some((_, name)) = headers.get("x-amz-target").and_then(|target| target.split_once('.')) {
        return format!("dynamodb.{name}");
    }
    if request.uri().contains("/v2/email/") {
        return format!("ses.{}", request.method());
    }
    let is_copy = headers.get("x-amz-copy-source").is_some();
    format!("s3.{}", if is_copy { "COPY" } else { request.method() })
}

#[derive(Debug)]
struct Faulty {
    inner: SharedHttpClient,
    faults: Faults,
}

impl HttpClient for Faulty {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(FaultyConnector { inner, faults: self.faults.clone() })
    }
}

#[derive(Debug)]
struct FaultyConnector {
    inner: SharedHttpConnector,
    faults: Faults,
}

impl HttpConnector for FaultyConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(fault) = self.faults.judge(&request) else {
            let gate = self.faults.gate_of(&request);
            self.faults.begin();
            let (inner, faults) = (self.inner.clone(), self.faults.clone());
            return HttpConnectorFuture::new(async move {
                if let Some(gate) = gate {
                    gate.reached.notify_one();
                    gate.open.notified().await;
                }
                let reply = inner.call(request).await;
                faults.end();
                reply
            });
        };
        let reply = reply(fault, &request);
        if !fault.is_done() {
            return HttpConnectorFuture::ready(reply);
        }
        let doing = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            // What came of it is exactly what nobody gets to hear.
            let _ = doing.await;
            reply
        })
    }
}

fn reply(fault: Fault, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
    match fault {
        Fault::Unsent | Fault::ReplyLost => {
            Err(ConnectorError::io("the connection broke (injected)".into()))
        }
        Fault::Unavailable | Fault::UnavailableThoughDone => {
            Ok(error(request, StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", json!({})))
        }
        Fault::Throttled if operation(request).starts_with("s3.") => {
            Ok(error(request, StatusCode::SERVICE_UNAVAILABLE, "SlowDown", json!({})))
        }
        Fault::Throttled if operation(request).starts_with("ses.") => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(error(request, status, "TooManyRequestsException", json!({})))
        }
        Fault::Throttled => {
            Ok(error(request, StatusCode::BAD_REQUEST, "ThrottlingException", json!({})))
        }
        Fault::Conflict | Fault::ConflictThoughDone => {
            let reasons = cancellation_reasons(request);
            let body = json!({
                "Message": "Transaction cancelled, please refer cancellation reasons",
                "CancellationReasons": reasons,
            });
            let status = StatusCode::BAD_REQUEST;
            Ok(error(request, status, "TransactionCanceledException", body))
        }
    }
}

/// One reason a step, as DynamoDB gives them: a conflict on the first, nothing on the others.
fn cancellation_reasons(request: &HttpRequest) -> Vec<Value> {
    let body: Value = request
        .body()
        .bytes()
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default();
    let steps = body["TransactItems"].as_array().map_or(1, Vec::len);
    let conflict =
        json!({ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" });
    std::iter::once(conflict)
        .chain(std::iter::repeat_n(json!({ "Code": "None" }), steps.saturating_sub(1)))
        .collect()
}

/// An error as the asked service writes it.
fn error(request: &HttpRequest, status: StatusCode, code: &str, mut body: Value) -> HttpResponse {
    let (kind, text) = if operation(request).starts_with("s3.") {
        let xml = format!("<Error><Code>{code}</Code><Message>injected</Message></Error>");
        ("application/xml", xml)
    } else {
        body["__type"] = json!(format!("com.amazonaws.dynamodb.v20120810#{code}"));
        ("application/x-amz-json-1.0", body.to_string())
    };
    let response = http::Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("x-amzn-errortype", code)
        .body(SdkBody::from(text))
        .expect("status and headers are valid");
    HttpResponse::try_from(response).expect("headers are text")
}
