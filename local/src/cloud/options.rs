//! How a cloud starts.

use std::path::PathBuf;
use std::sync::Arc;

use app::house::dice::Dice;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use axum::Router;
use pages::renderer::Renderer;
use store::meter::Meter;

use crate::dynamo::Elsewhere;

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In this folder, made if absent.
    Folder(PathBuf),
    /// Nowhere for long: the table in memory, files in a folder that goes with the cloud.
    Temporary,
}

/// Whose clock the rules follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// The wall's.
    Wall,
    /// One that `/_local/clock` moves ahead. `X-Forwarded-For` is believed too, so that one
    /// machine can be many networks.
    Movable,
}

/// When the worker works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// All the time, as in the cloud.
    Steady,
    /// Only when ticked.
    WhenTicked,
}

/// What a first start finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demo {
    /// An empty table.
    None,
    /// The made-up company Acme.
    Acme {
        /// What its people sign in with; made up if absent, and told once.
        password: Option<String>,
    },
}

/// How a cloud starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything is kept.
    pub data: Data,
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Whose clock the rules follow.
    pub time: Time,
    /// When the worker works.
    pub pace: Pace,
    /// What a first start finds.
    pub demo: Demo,
    /// Chance.
    pub dice: Dice,
    /// Where the table lies, if not in this process.
    pub dynamo: Option<Elsewhere>,
    /// Beneath all AWS clients, for faults; the usual one if absent.
    pub http_client: Option<SharedHttpClient>,
    /// Counts requests and capacity units.
    pub meter: Option<Arc<Meter>>,
    /// What draws pages; this program, if absent.
    pub renderer: Option<Renderer>,
    /// Who watches what is asked of AWS.
    pub watch: Option<Watch>,
}

/// Watches what is asked of AWS, and for whom.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Hears of every call and every signing before it is sent.
    pub interceptor: SharedInterceptor,
    /// Laid around the routes; each request has its `MatchedPath` by then.
    pub around: fn(Router) -> Router,
}

impl Options {
    /// A cloud for one test: in memory, on a free port, with a movable clock, and a worker that
    /// waits to be ticked.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            data: Data::Temporary,
            port: 0,
            time: Time::Movable,
            pace: Pace::WhenTicked,
            demo: Demo::None,
            dice: Dice::default(),
            dynamo: None,
            http_client: None,
            meter: None,
            renderer: None,
            watch: None,
        }
    }
}
