//! Lambda's Runtime API, as far as a function speaks it, and a function that is started with it.
//!
//! Its protocol: "Using the Lambda runtime API for custom runtimes", AWS Lambda Developer Guide.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

/// How long a function may take to start and answer; an unoptimised one on a busy machine is slow.
const ANSWER_WAIT: Duration = Duration::from_mins(1);

/// What came of an invocation: the answer, or what the function says went wrong.
pub type Outcome = Result<Value, Value>;

/// A function that runs.
#[derive(Debug)]
pub struct Function {
    child: Child,
    events: mpsc::UnboundedSender<(String, Value)>,
    desk: Arc<Desk>,
    invocations: Mutex<u32>,
    started_at: Instant,
}

/// Where the function fetches events and leaves answers.
#[derive(Debug)]
struct Desk {
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<(String, Value)>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    /// When the function asked for work for the first time.
    ready_at: watch::Sender<Option<Instant>>,
}

impl Function {
    /// Starts `program` as the function that serves `handler`.
    pub async fn start(program: &str, handler: &str, env: &[(&str, String)]) -> Self {
        let (events, queue) = mpsc::unbounded_channel();
        let (events_at_desk, waiting) = (tokio::sync::Mutex::new(queue), Mutex::default());
        let ready_at = watch::Sender::default();
        let desk = Arc::new(Desk { events: events_at_desk, waiting, ready_at });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(desk.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let started_at = Instant::now();
        let child = Command::new(program)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api)
            .env("_HANDLER", handler)
            .env("AWS_LAMBDA_FUNCTION_NAME", handler.replace('.', "-"))
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .envs(env.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        Self { child, events, desk, invocations: Mutex::default(), started_at }
    }

    /// Waits until the function asks for work; tells how long that took since it was started.
    pub async fn ready(&self) -> Duration {
        let mut ready_at = self.desk.ready_at.subscribe();
        let asked = tokio::time::timeout(ANSWER_WAIT, ready_at.wait_for(Option::is_some)).await;
        let asked = asked.expect("the function starts in time").expect("the desk is open");
        asked.map_or(Duration::ZERO, |at| at - self.started_at)
    }

    /// The number of its process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Hands the function an event and waits for what comes of it.
    ///
    /// # Errors
    /// What the function said of the event it could not deal with.
    pub async fn invoke(&self, event: Value) -> Outcome {
        let id = {
            let mut invocations = self.invocations.lock().unwrap_or_else(PoisonError::into_inner);
            *invocations += 1;
            format!("8476a536-e9f4-11e8-9739-{:012}", *invocations)
        };
        let (answer, answered) = oneshot::channel();
        self.desk.waiting().insert(id.clone(), answer);
        self.events.send((id, event)).expect("the desk is open");
        let answered = tokio::time::timeout(ANSWER_WAIT, answered).await;
        answered.expect("the function answers in time").expect("the desk is open")
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Desk {
    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Outcome>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, id: &str, outcome: Outcome) -> StatusCode {
        match self.waiting().remove(id) {
            Some(answer) => {
                // Who waited may have given up.
                let _ = answer.send(outcome);
                StatusCode::ACCEPTED
            }
            None => StatusCode::BAD_REQUEST,
        }
    }
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    desk.ready_at.send_if_modified(|at| {
        let is_first = at.is_none();
        at.get_or_insert_with(Instant::now);
        is_first
    });
    let Some((id, event)) = desk.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = Timestamp::now().as_millisecond() + 30_000;
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:vestibule".to_owned(),
        ),
    ];
    (headers, axum::Json(event)).into_response()
}

async fn response(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    body: String,
) -> StatusCode {
    desk.answer(&id, Ok(serde_json::from_str(&body).unwrap_or(Value::String(body))))
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: String) -> StatusCode {
    desk.answer(&id, Err(serde_json::from_str(&body).unwrap_or(Value::String(body))))
}
