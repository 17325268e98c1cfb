//! The whole cloud in one process: table, bucket, mailbox, functions and worker, behind one port.
//!
//! `make run` starts one over a folder; each test starts one of its own, in memory, whose worker
//! runs only when ticked and whose clock can be moved.

mod clients;
mod controls;
mod layout;
pub(crate) mod operator;
mod options;
mod pump;
mod roots;
mod stop;

use std::sync::Arc;

use app::house::keyring::Keyring;
use app::house::{Forwarded, House};
use axum::Router;
use files::{Files, PathStyle};
use pages::renderer::Renderer;
use store::{StoreError, Table};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use worker::Worker;

pub use crate::cloud::layout::LayoutError;
pub use crate::cloud::options::{Data, Demo, Options, Pace, Time, Watch};
pub use crate::cloud::pump::{TickError, Ticked};
pub use crate::cloud::roots::RootsError;

use crate::cloud::clients::Clients;
use crate::cloud::layout::Layout;
use crate::cloud::pump::Pump;
use crate::cloud::stop::ordered;
use crate::demo::{self, DemoError};
use crate::dynamo::{Dynamo, DynamoError};
use crate::front::{Front, FrontError, Parts};
use crate::mailbox::{Mailbox, MailboxError};
use crate::s3::{BUCKET, Bucket, BucketError};

/// The one table.
const TABLE: &str = "vestibule";
/// The address that mails seem to come from.
const MAIL_FROM: &str = "mail@vestibule.example";

/// Why the cloud did not start; each one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// The port did not open.
    #[error(transparent)]
    Front(#[from] FrontError),
    /// The table did not open.
    #[error(transparent)]
    Dynamo(#[from] DynamoError),
    /// The bucket did not open.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// The mailbox did not open.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// There are no root keys.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// The folder cannot be used.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The table could not be made.
    #[error("cannot make the table")]
    Table(#[source] StoreError),
    /// Nothing tells which program this is, so nothing draws pages.
    #[error("cannot tell which program this is")]
    Program(#[source] std::io::Error),
    /// The demo could not be laid out.
    #[error("cannot lay out the demo")]
    Demo(#[from] DemoError),
}

/// A running cloud. Dropping it stops it at once; nothing written to a folder is lost.
#[derive(Debug)]
pub struct Cloud {
    /// Where it is reached, such as `http://localhost:8080`.
    pub base_url: String,
    /// Where its table is reached by any `DynamoDB` client.
    pub table_url: String,
    /// What its functions and worker hold.
    pub house: Arc<House>,
    /// What SES would have sent.
    pub mailbox: Mailbox,
    /// The worker itself.
    pub worker: Worker,
    /// The password of the demo's people, if it was made up just now.
    pub made_password: Option<String>,
    pump: Arc<Pump>,
    running: Option<Running>,
    /// Goes with the cloud.
    _folder: Option<TempDir>,
}

/// What has to be stopped.
#[derive(Debug)]
struct Running {
    stop: watch::Sender<bool>,
    front: JoinHandle<Result<(), FrontError>>,
    worker: Option<JoinHandle<()>>,
    operator: Option<JoinHandle<()>>,
    dynamo: Arc<Dynamo>,
}

impl Cloud {
    /// Starts everything. Once this returns, `/v1/health` answers.
    ///
    /// # Errors
    /// [`CloudError`] names the part that did not start.
    pub async fn start(options: Options) -> Result<Self, CloudError> {
        let front = Front::bind(options.port).await?;
        let base_url = front.base_url();
        let (layout, folder) = Layout::of(&options.data, options.dynamo.as_ref())?;
        let keys = roots::open(&layout.folder, &layout.table)?;
        let dynamo = Arc::new(Dynamo::start(layout.table.clone()).await?);
        let bucket = Bucket::open(&layout.at("files"))?;
        let mailbox = Mailbox::open(&layout.at("mails.jsonl"))?;

        let clients = Clients::new(&dynamo, &base_url, options.http_client.clone());
        let mut house = house(&options, &clients, keys, &base_url).await?;
        house.roots = Some(roots::source(&layout.folder, &clients.dynamo));
        let house = Arc::new(house);
        let worker = worker(&options, &clients, house.clone())?;
        let reader = dynamo.stream(TABLE, layout.at("stream.place"));
        let set_aside = layout.at("set-aside.jsonl");
        let pump = Arc::new(Pump::new(worker.clone(), mailbox.clone(), reader, set_aside));

        let parts = Parts {
            api: api(&options, house.clone()),
            bucket,
            mailbox: mailbox.clone(),
            trust_slug: (options.demo != Demo::None).then(|| demo::SLUG.to_owned()),
        };
        let controls = controls::router(house.clone(), pump.clone(), options.time);
        let (open, opened) = watch::channel(false);
        let router = controls::behind_gate(parts.into_router().merge(controls), opened);
        let (stop, stopped) = watch::channel(false);
        let front = tokio::spawn(serve(front, router, stopped.clone()));
        let mut running = Running { stop, front, worker: None, operator: None, dynamo };

        // The demo uploads through the port, while everybody else still waits at it.
        let made_password = match options.demo {
            Demo::None => None,
            Demo::Acme { password } => demo::lay_out(&house, &layout.folder, password).await?,
        };
        if options.pace == Pace::Steady {
            let table = running.dynamo.clone();
            running.worker = Some(tokio::spawn(pump.clone().run(table, stopped.clone())));
        }
        if let Data::Folder(folder) = &options.data {
            running.operator = operator::listen(folder, house.clone(), stopped);
        }
        // Nobody waits only if the front has ended already; its own task tells why.
        let _ = open.send(true);
        let table_url = running.dynamo.endpoint_url().to_owned();
        let running = Some(running);
        Ok(Self {
            table_url,
            base_url,
            house,
            mailbox,
            worker,
            made_password,
            pump,
            running,
            _folder: folder,
        })
    }

    /// Runs the worker until it has nothing left to do: reads the stream to its end and deals
    /// with all that is due, again and again until neither brings anything new.
    ///
    /// # Errors
    /// [`TickError`] if a record or a due thing failed; it stays for the next tick.
    pub async fn tick(&self) -> Result<Ticked, TickError> {
        self.pump.tick().await
    }

    /// Waits until the port closes by itself, which is a failure.
    ///
    /// # Errors
    /// [`FrontError`] tells why it closed.
    pub async fn ended(&mut self) -> Result<(), FrontError> {
        match &mut self.running {
            Some(running) => (&mut running.front).await.unwrap_or(Ok(())),
            None => Ok(()),
        }
    }

    /// Stops after what is under way, within seconds.
    pub async fn stop(mut self) {
        let Some(mut running) = self.running.take() else { return };
        // Whoever has ended already needs no order.
        let _ = running.stop.send(true);
        if !running.front.is_finished() {
            let _ = (&mut running.front).await;
        }
        if let Some(worker) = running.worker.take() {
            let _ = worker.await;
        }
        if let Some(operator) = running.operator.take() {
            let _ = operator.await;
        }
        let dynamo = running.dynamo.clone();
        drop(running);
        if let Ok(dynamo) = Arc::try_unwrap(dynamo) {
            dynamo.stop().await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.front.abort();
        self.worker.iter().for_each(JoinHandle::abort);
        self.operator.iter().for_each(JoinHandle::abort);
    }
}

/// Makes the table if absent, and what functions and worker share.
async fn house(
    options: &Options,
    clients: &Clients,
    keys: Keyring,
    base_url: &str,
) -> Result<House, CloudError> {
    let mut table = Table::connect(&clients.dynamo, TABLE);
    table.create().await.map_err(CloudError::Table)?;
    if let Some(meter) = &options.meter {
        table = table.metered(meter.clone());
    }
    let mut files = Files::connect(&clients.front, BUCKET, PathStyle::Path);
    if let Some(watch) = &options.watch {
        table = table.watched(watch.interceptor.clone());
        files = files.watched(watch.interceptor.clone());
    }
    let mut house = House::new(table, files, keys, base_url);
    house.dice = options.dice.clone();
    if options.time == Time::Movable {
        house.forwarded = Forwarded::Believed;
    }
    Ok(house)
}

/// The routes.
fn api(options: &Options, house: Arc<House>) -> Router {
    let api = functions::routes::mount("*", house);
    match &options.watch {
        Some(watch) => (watch.around)(api),
        None => api,
    }
}

fn worker(options: &Options, clients: &Clients, house: Arc<House>) -> Result<Worker, CloudError> {
    let mut mailer = mail::mailer::connect(&clients.front, MAIL_FROM.to_owned(), None);
    if let Some(watch) = &options.watch {
        mailer = mailer.watched(watch.interceptor.clone());
    }
    Ok(Worker { house, mailer, renderer: renderer(options)? })
}

/// What draws pages.
fn renderer(options: &Options) -> Result<Renderer, CloudError> {
    match &options.renderer {
        Some(renderer) => Ok(renderer.clone()),
        None => Renderer::this_program().map_err(CloudError::Program),
    }
}

async fn serve(
    front: Front,
    router: Router,
    stopped: watch::Receiver<bool>,
) -> Result<(), FrontError> {
    front.serve(router, ordered(stopped)).await
}
