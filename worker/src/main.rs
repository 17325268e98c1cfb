//! The worker's function: rung by the table's stream, each minute by a schedule, and by news of
//! mails that left.

use std::process::ExitCode;

use anyhow::{Context, bail};
use app::start;
use aws_lambda_events::event::dynamodb::Event;
use lambda_runtime::{LambdaEvent, service_fn};
use pages::drawer::draw_if_asked;
use pages::renderer::Renderer;
use serde_json::{Value, json};
use worker::Worker;
use worker::jobs::mail_events::news_in;

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
    let started = start::start().await?;
    let renderer = Renderer::this_program().context("cannot tell which program this is")?;
    let worker = Worker { mailer: started.mailer()?, house: started.house, renderer };
    let work = service_fn(|event: LambdaEvent<Value>| {
        let worker = worker.clone();
        async move { answer(&worker, event.payload).await.map_err(|error| format!("{error:#}")) }
    });
    lambda_runtime::run(work).await.map_err(anyhow::Error::from_boxed)
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
