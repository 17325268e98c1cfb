//! `make run`, and the operator's orders `admin`, `plan`, `export`, `erase` and `rotate`: the whole
//! product on this machine.
//!
//! `run` reads `PORT`, `DATA_DIR`, `EMPTY`, `DEMO_PASSWORD`, `TEST_CLOCK` and `DYNAMODB_URL`.
//! Orders read `DATA_DIR`, and what they are about: `TENANT`, `EMAIL` for `admin`, `PUBLIC_LINKS`
//! for `plan`, `CONFIRM` for `erase`; also as arguments, as in `TENANT=acme`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use domain::tenant::{Plan, Slug};
use local::cloud::{Cloud, Data, Demo, Options, Pace, Time};
use local::dynamo::Elsewhere;
use local::orders::carry_out;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use worker::orders::{Admin, Estate, NewPlan, Order};

/// The port, unless `PORT` says otherwise.
const PORT: u16 = 8080;
/// The folder, unless `DATA_DIR` says otherwise.
const DATA_DIR: &str = ".data";
/// Whose tables are meant in a DynamoDB elsewhere; it takes letters and digits only.
const ACCESS_KEY: &str = "vestibule";
/// What is logged, unless `RUST_LOG` says otherwise. A lost condition is an error to the database,
/// but everyday business to us.
const LOG: &str = "warn,dynoxide=error";

fn main() -> ExitCode {
    // Before anything is opened: the process that draws must hold nothing.
    pages::drawer::draw_if_asked().unwrap_or_else(start)
}

#[tokio::main]
async fn start() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let mut words = std::env::args().skip(1);
    let done = match words.next().as_deref() {
        None | Some("run") => run().await,
        Some(verb) => obey(verb, words.collect()).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let port = match setting("PORT") {
        Some(port) => match port.parse() {
            Ok(port) => port,
            Err(_) => bail!("PORT is `{port}`; set it to a number from 1024 to 65535"),
        },
        None => PORT,
    };
    let is_on = |name| setting(name).is_some_and(|value| value == "1");
    let demo =
        if is_on("EMPTY") { Demo::None } else { Demo::Acme { password: setting("DEMO_PASSWORD") } };
    let options = Options {
        data: Data::Folder(folder()),
        port,
        time: if is_on("TEST_CLOCK") { Time::Movable } else { Time::Wall },
        pace: Pace::Steady,
        demo: demo.clone(),
        dynamo: setting("DYNAMODB_URL")
            .map(|url| Elsewhere { url, access_key: ACCESS_KEY.to_owned() }),
        ..Options::for_tests()
    };
    let mut cloud = Cloud::start(options).await?;
    greet(&cloud, &demo);

    let mut terminated = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    tokio::select! {
        ended = cloud.ended() => ended?,
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
    cloud.stop().await;
    Ok(())
}

fn greet(cloud: &Cloud, demo: &Demo) {
    let base_url = &cloud.base_url;
    println!("Vestibule runs at {base_url}");
    match (demo, &cloud.made_password) {
        (Demo::None, _) => {
            println!("  a company    make admin TENANT=acme EMAIL=you@example.com");
        }
        (Demo::Acme { password }, made) => {
            let password = match (made, password) {
                (Some(made), _) => format!("password {made} (shown this once)"),
                (None, Some(_)) => "with the password in DEMO_PASSWORD".to_owned(),
                (None, None) => "with the password shown at the first start".to_owned(),
            };
            println!("  trust page   {base_url}/t/{}", local::demo::SLUG);
            println!("  sign in as   {}, {password}", local::demo::ADMINISTRATOR);
        }
    }
    println!("  mailbox      {base_url}/_local/mail");
    println!("  data         {}", folder().display());
}

/// Carries out one of the operator's orders.
async fn obey(verb: &str, words: Vec<String>) -> anyhow::Result<()> {
    let order = match verb {
        "admin" => admin(&words)?,
        "plan" => plan(&words)?,
        "export" => Order::Export(estate(&words)?),
        "erase" => erase(&words)?,
        "rotate" => Order::Rotate {},
        other => bail!("there is run, admin, plan, export, erase and rotate, but no `{other}`"),
    };
    let done = carry_out(order.clone(), &folder()).await?;
    println!("Done: {}.", done.deed);
    if let (Order::Admin(Admin { email, .. }), Some(password)) = (order, done.password) {
        println!("  sign in as   {email}, password {password} (shown this once)");
    }
    Ok(())
}

fn admin(words: &[String]) -> anyhow::Result<Order> {
    let [tenant, email] = told(["TENANT", "EMAIL"], words)?;
    let usage = "say whom to let in where: make admin TENANT=acme EMAIL=you@example.com";
    let (tenant, email) = (tenant.context(usage)?, email.context(usage)?);
    let address = email.parse().with_context(|| format!("EMAIL=`{email}` is no address"))?;
    Ok(Order::Admin(Admin { slug: slug(&tenant)?, email: address }))
}

fn plan(words: &[String]) -> anyhow::Result<Order> {
    let [tenant, public_links] = told(["TENANT", "PUBLIC_LINKS"], words)?;
    let usage = "say whose plan holds what: make plan TENANT=acme PUBLIC_LINKS=no";
    let (tenant, public_links) = (tenant.context(usage)?, public_links.context(usage)?);
    let public_links = match public_links.as_str() {
        "yes" => true,
        "no" => false,
        other => bail!("PUBLIC_LINKS is `{other}`; set it to `yes` or `no`"),
    };
    Ok(Order::Plan(NewPlan { slug: slug(&tenant)?, plan: Plan { public_links } }))
}

fn estate(words: &[String]) -> anyhow::Result<Estate> {
    let [tenant] = told(["TENANT"], words)?;
    let tenant = tenant.context("say whose: make export TENANT=acme")?;
    Ok(Estate { slug: slug(&tenant)?, cursor: None })
}

/// Nothing brings back what is erased, so its name is asked for twice.
fn erase(words: &[String]) -> anyhow::Result<Order> {
    let [tenant, confirm] = told(["TENANT", "CONFIRM"], words)?;
    let tenant = tenant.context("say whom to erase: make erase TENANT=acme CONFIRM=acme")?;
    if confirm.as_deref() != Some(tenant.as_str()) {
        bail!("nothing brings `{tenant}` back; to erase it, add CONFIRM={tenant}");
    }
    Ok(Order::Erase(Estate { slug: slug(&tenant)?, cursor: None }))
}

fn slug(tenant: &str) -> anyhow::Result<Slug> {
    tenant.parse().with_context(|| format!("TENANT=`{tenant}` is no slug"))
}

/// What the settings `names` are: in `words`, such as `TENANT=acme`, else in the environment.
fn told<const N: usize>(names: [&str; N], words: &[String]) -> anyhow::Result<[Option<String>; N]> {
    let mut settings = names.map(setting);
    for word in words {
        let told = word.split_once('=').and_then(|(name, value)| {
            let place = names.iter().position(|each| *each == name)?;
            settings.get_mut(place).map(|setting| *setting = Some(value.to_owned()))
        });
        if told.is_none() {
            bail!("expected {}=…, not `{word}`", names.join("=… and "));
        }
    }
    Ok(settings)
}

fn folder() -> PathBuf {
    setting("DATA_DIR").unwrap_or_else(|| DATA_DIR.to_owned()).into()
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
