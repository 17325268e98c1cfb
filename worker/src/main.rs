//! The worker's function: rung by the table's stream, each minute by a schedule, and by news of
//! mails that left. As the function `operator` it carries out the operator's orders and nothing
//! else, in a role of its own.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use app::house::House;
use app::house::start::{self, Warmth};
use aws_lambda_events::event::dynamodb::Event;
use lambda_runtime::{LambdaEvent, service_fn};
use pages::drawer::draw_if_asked;
use pages::renderer::Renderer;
use serde_json::{Value, json};
use worker::Worker;
use worker::jobs::mail_events::news_in;
use worker::orders::Order;

/// The handler that carries out orders.
const OPERATOR: &str = "operator";

fn main() -> anyhow::Result<ExitCode> {
    // Before anything is opened, read or fetched: the process that draws must hold nothing.
    match draw_if_asked() {
        Some(drawn) => Ok(drawn),
        None => work().map(|()| ExitCode::SUCCESS),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn work() -> anyhow::Result<()> {
    start::log();
    let started = start::start(Warmth::Table).await?;
    if std::env::var("_HANDLER").is_ok_and(|handler| handler == OPERATOR) {
        return obey(started.house).await;
    }
    let renderer = Renderer::this_program().context("cannot tell which program this is")?;
    let worker = Worker { mailer: started.mailer()?, house: started.house, renderer };
    let work = service_fn(|event: LambdaEvent<Value>| {
        let worker = worker.clone();
        async move { answer(&worker, event.payload).await.map_err(|error| format!("{error:#}")) }
    });
    lambda_runtime::run(work).await.map_err(anyhow::Error::from_boxed)
}

/// Waits for the operator's orders.
async fn obey(house: Arc<House>) -> anyhow::Result<()> {
    let work = service_fn(|event: LambdaEvent<Value>| {
        let house = house.clone();
        async move { carried_out(&house, event.payload).await.map_err(|error| format!("{error:#}")) }
    });
    lambda_runtime::run(work).await.map_err(anyhow::Error::from_boxed)
}

/// What was done of `{"order": …, "cursor": …}`, or why not, as `refused`.
async fn carried_out(house: &House, event: Value) -> anyhow::Result<Value> {
    let order = event.get("order").cloned().context("the event has no `order`")?;
    let mut order: Order = match serde_json::from_value(order) {
        Ok(order) => order,
        Err(error) => return Ok(json!({ "refused": error.to_string() })),
    };
    if let Some(cursor) = event.get("cursor").and_then(Value::as_str) {
        order = order.going_on(cursor.to_owned());
    }
    match order.carry_out(house).await {
        Ok(done) => Ok(serde_json::to_value(done)?),
        Err(problem) => Ok(json!({ "refused": problem.detail })),
    }
}

/// Does what an event asks for, whoever sends it.
async fn answer(worker: &Worker, event: Value) -> anyhow::Result<Value> {
    if event.pointer("/Records/0/eventSource") == Some(&json!("aws:dynamodb")) {
        let event: Event = serde_json::from_value(event).context("failed to read the records")?;
        return Ok(serde_json::to_value(worker.changes(event).await)?);
    }
    if event.get("detail-type") == Some(&json!("Scheduled Event")) {
        let swept = worker.sweep(worker.house.clock.now()).await?;
        return Ok(json!({ "done": swept.done, "failed": swept.failed }));
    }
    let Some(news) = news_in(&event) else {
        bail!("the event is neither the table's stream, nor a schedule, nor news of mails");
    };
    for event in &news {
        worker.hear(event).await?;
    }
    Ok(json!({ "heard": news.len() }))
}
