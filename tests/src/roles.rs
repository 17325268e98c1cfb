//! What each function may ask of AWS, held against what it asks.
//!
//! `infra/needs.table` has a line for each permission of each function: the action, and on what.
//! The roles that are deployed allow exactly that. Here every call that a route or the worker makes
//! is looked up in it, as IAM would: what is not there is refused, so that a test fails where a
//! deployed function would. What was asked is kept in a folder, if `CALLS_DIR` names one, for
//! `cargo xtask needs` to find what no test needed.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use app::serving::route::Route;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{
    Intercept, SharedInterceptor, dyn_dispatch_hint,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use functions::routes::ROUTES;
use local::cloud::Watch;

use crate::roles::asked::{Asked, asked};

mod asked;

/// The name of the worker's function.
pub const WORKER: &str = "worker";
/// The name of the function that carries out the operator's orders.
pub const OPERATOR: &str = "operator";

/// Every permission there is.
const TABLE: &str = include_str!("../../infra/needs.table");

tokio::task_local! {
    /// Whose role is in force; none for what a test does by itself.
    static FUNCTION: &'static str;
}

static LEDGER: LazyLock<Ledger> = LazyLock::new(Ledger::open);

/// What may be asked, and what was.
struct Ledger {
    allowed: HashSet<String>,
    seen: Mutex<HashSet<String>>,
    file: Option<Mutex<File>>,
    /// Whether what is not allowed is let through, to learn what a change needs.
    learns: bool,
}

/// Holds the routes and the worker of a cloud to their roles.
#[must_use]
pub fn watch() -> Watch {
    let around = |router: Router| router.layer(from_fn(as_route));
    Watch { interceptor: SharedInterceptor::new(Guard), around }
}

/// Does `work` in the role of the function `name`.
pub async fn as_function<F: Future>(name: &'static str, work: F) -> F::Output {
    FUNCTION.scope(name, work).await
}

async fn as_route(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let method = request.method().as_str();
    let is_asked = |route: &&Route| Some(route.path) == path && route.method.as_str() == method;
    let route = ROUTES.iter().find(is_asked);
    match route {
        Some(route) => as_function(route.name, next.run(request)).await,
        None => next.run(request).await,
    }
}

#[derive(Debug)]
struct Guard;

#[dyn_dispatch_hint]
impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "Guard"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(function) = FUNCTION.try_with(|function| *function) else { return Ok(()) };
        let operation = config.load::<Metadata>().ok_or("a call without a name")?;
        LEDGER.judge(function, operation, context.request()).map_err(BoxError::from)
    }
}

impl Ledger {
    fn open() -> Self {
        let file = std::env::var_os("CALLS_DIR").map(|folder| {
            let path = std::path::Path::new(&folder).join(std::process::id().to_string());
            let file = OpenOptions::new().create(true).append(true).open(path);
            Mutex::new(file.expect("CALLS_DIR names a folder to write in"))
        });
        Self {
            allowed: TABLE.lines().map(plain).collect(),
            seen: Mutex::default(),
            file,
            learns: std::env::var_os("CALLS_LEARN").is_some(),
        }
    }

    fn judge(
        &self,
        function: &'static str,
        operation: &Metadata,
        request: &HttpRequest,
    ) -> Result<(), String> {
        let mut refused = String::new();
        for Asked { action, on } in asked(operation.service(), operation.name(), request) {
            let on = if takes_all(function, &action, &on) { "{ulid}#*" } else { &on };
            let line = format!("{function} {action} {on}");
            let is_new = lock(&self.seen).insert(line.clone());
            if is_new && let Some(file) = &self.file {
                writeln!(lock(file), "{line}").expect("CALLS_DIR can be written in");
            }
            if !self.learns && !self.allowed.contains(&line) {
                // Writing to a string cannot fail.
                let _ = writeln!(refused, "no role allows: {line}");
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        // What the caller makes of it is a 503 that says nothing.
        eprint!("{refused}");
        Err(refused)
    }
}

/// An erasure takes everything of a company, whichever kinds of things a test happens to lay out.
fn takes_all(function: &str, action: &str, on: &str) -> bool {
    function == OPERATOR && action == "dynamodb:DeleteItem" && on.starts_with("{ulid}#")
}

/// A line with single spaces.
fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
