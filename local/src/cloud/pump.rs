//! Runs the worker as Lambda would: batches of the stream in order, news of mails, and a sweep of
//! what is due.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lambda_events::event::dynamodb::Event;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use worker::{Worker, WorkerError};

use crate::cloud::stop::ordered;
use crate::dynamo::batch::Batch;
use crate::dynamo::stream::StreamReader;
use crate::dynamo::{Dynamo, DynamoError};
use crate::mailbox::Mailbox;

/// How often an idle worker looks at the stream.
const POLL: Duration = Duration::from_millis(50);
/// How often it looks for what is due; in the cloud once a minute.
const SWEEP: Duration = Duration::from_secs(1);
/// How often items whose time to live is over are dropped; AWS takes days.
const FORGET: Duration = Duration::from_mins(10);
/// Tries of a record before it is set aside; in the cloud it goes to a queue.
const TRIES_MAX: u32 = 8;
/// Pause after a first failed try; it grows with each.
const PAUSE: Duration = Duration::from_millis(100);
/// Rounds of one tick. Each does all there is, so that a second only finds what the first caused.
const ROUNDS_MAX: usize = 100;

/// Drives one worker.
pub(crate) struct Pump {
    worker: Worker,
    mailbox: Mailbox,
    reader: Arc<Mutex<StreamReader>>,
    /// Held by whoever reads the stream: two readers would both act on a batch.
    turn: tokio::sync::Mutex<()>,
    set_aside: PathBuf,
}

/// What a tick came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Records of the stream that were dealt with.
    pub records: usize,
    /// Due things that were dealt with.
    pub due: usize,
}

/// Why a tick stopped; what failed stays for the next.
#[derive(Debug, thiserror::Error)]
pub enum TickError {
    /// The stream could not be read.
    #[error("cannot read the stream")]
    Stream(#[from] DynamoError),
    /// A record failed.
    #[error("the worker failed on the record `{sequence_number}`")]
    Record {
        /// The record's place in the stream.
        sequence_number: String,
    },
    /// What is due could not be read, or news of mails not be kept.
    #[error("the worker failed to look for what is due, or to keep news of mails")]
    Sweep(#[from] WorkerError),
    /// Due things failed.
    #[error("the worker failed on {failed} due things")]
    Due {
        /// How many.
        failed: usize,
    },
    /// The worker caused itself work without end.
    #[error("the worker was not done after {ROUNDS_MAX} rounds")]
    Endless,
}

/// What is done with a record that fails.
enum Failing {
    /// Told to the caller; the batch stays.
    Told,
    /// Tried again some times, then set aside; at the order to stop the batch stays.
    SetAside(watch::Receiver<bool>),
}

/// How far a batch was dealt with.
#[derive(PartialEq, Eq)]
enum Dealt {
    Whole,
    InPart,
}

impl std::fmt::Debug for Pump {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Pump")
    }
}

impl Pump {
    pub(crate) fn new(
        worker: Worker,
        mailbox: Mailbox,
        reader: StreamReader,
        set_aside: PathBuf,
    ) -> Self {
        let reader = Arc::new(Mutex::new(reader));
        Self { worker, mailbox, reader, turn: tokio::sync::Mutex::default(), set_aside }
    }

    /// See [`crate::cloud::Cloud::tick`].
    pub(crate) async fn tick(&self) -> Result<Ticked, TickError> {
        let _turn = self.turn.lock().await;
        let mut ticked = Ticked::default();
        for _ in 0..ROUNDS_MAX {
            while let Some(records) = self.step(&Failing::Told).await? {
                ticked.records += records;
            }
            let swept = self.worker.sweep(self.worker.house.clock.now()).await?;
            ticked.due += swept.done;
            if 0 < swept.failed {
                return Err(TickError::Due { failed: swept.failed });
            }
            let heard = self.hear().await?;
            if swept.done + heard == 0 {
                return Ok(ticked);
            }
        }
        Err(TickError::Endless)
    }

    /// Works until `stopped`.
    pub(crate) async fn run(self: Arc<Self>, dynamo: Arc<Dynamo>, stopped: watch::Receiver<bool>) {
        let mut stop = std::pin::pin!(ordered(stopped.clone()));
        let (mut sweep_at, mut forget_at) = (Instant::now(), Instant::now() + FORGET);
        while !*stopped.borrow() {
            let idle = self.drain(&stopped).await;
            report("hear news of mails", Ok::<_, io::Error>(self.hear().await));
            if sweep_at <= Instant::now() {
                self.sweep().await;
                sweep_at = Instant::now() + SWEEP;
            }
            if forget_at <= Instant::now() {
                let dynamo = dynamo.clone();
                report("forget", tokio::task::spawn_blocking(move || dynamo.sweep_ttl()).await);
                forget_at = Instant::now() + FORGET;
            }
            tokio::select! {
                () = sleep(idle) => {}
                () = &mut stop => break,
            }
        }
    }

    /// Reads the stream to its end or until `stopped`, and tells how long to wait before looking
    /// again.
    async fn drain(&self, stopped: &watch::Receiver<bool>) -> Duration {
        let _turn = self.turn.lock().await;
        let failing = Failing::SetAside(stopped.clone());
        while !*stopped.borrow() {
            match self.step(&failing).await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "cannot read the stream");
                    return SWEEP;
                }
            }
        }
        POLL
    }

    /// Tells the worker what became of mails, and how much it heard.
    async fn hear(&self) -> Result<usize, WorkerError> {
        let mut heard = 0;
        while let Some(news) = self.mailbox.next_news() {
            let Some(event) = mail::events::read(&news) else { continue };
            if let Err(error) = self.worker.hear(&event).await {
                self.mailbox.return_news(news);
                return Err(error.into());
            }
            heard += 1;
        }
        Ok(heard)
    }

    async fn sweep(&self) {
        let swept = self.worker.sweep(self.worker.house.clock.now()).await;
        report("sweep", Ok::<_, io::Error>(swept));
    }

    /// Deals with one batch; `None` if there is none, or it stays.
    async fn step(&self, failing: &Failing) -> Result<Option<usize>, TickError> {
        let reader = self.reader.clone();
        let batch = blocking(move || with(&reader, |reader| reader.next_batch())).await?;
        let Some(batch) = batch else { return Ok(None) };
        if self.deal_with(&batch, failing).await? == Dealt::InPart {
            return Ok(None);
        }
        let (records, reader) = (batch.records.len(), self.reader.clone());
        blocking(move || with(&reader, |reader| reader.advance(&batch))).await?;
        Ok(Some(records))
    }

    async fn deal_with(&self, batch: &Batch, failing: &Failing) -> Result<Dealt, TickError> {
        let mut rest = batch.records.as_slice();
        let mut tries = 0;
        while let Some(sequence_number) = self.failed(rest).await {
            let Failing::SetAside(stopped) = failing else {
                return Err(TickError::Record { sequence_number });
            };
            let place = rest.iter().position(|record| number_of(record) == sequence_number);
            rest = rest.get(place.unwrap_or(0)..).unwrap_or_default();
            tries = if place == Some(0) { tries + 1 } else { 1 };
            if tries < TRIES_MAX {
                tokio::select! {
                    () = sleep(PAUSE * tries) => {}
                    () = ordered(stopped.clone()) => return Ok(Dealt::InPart),
                }
            } else if let Some((poison, others)) = rest.split_first() {
                self.put_aside(poison);
                (rest, tries) = (others, 0);
            }
        }
        Ok(Dealt::Whole)
    }

    /// The first record that failed, as Lambda is told it.
    async fn failed(&self, records: &[Value]) -> Option<String> {
        if records.is_empty() {
            return None;
        }
        let event = serde_json::from_value::<Event>(json!({ "Records": records }));
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(%error, "a stream record has an unknown shape");
                return records.first().map(number_of);
            }
        };
        let answer = self.worker.changes(event).await;
        answer.batch_item_failures.into_iter().find_map(|failure| failure.item_identifier)
    }

    fn put_aside(&self, record: &Value) {
        let sequence_number = number_of(record);
        tracing::error!(sequence_number, file = %self.set_aside.display(), "a record is set aside");
        let kept = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.set_aside)
            .and_then(|mut file| writeln!(file, "{record}"));
        if let Err(error) = kept {
            tracing::error!(%error, "a record could not be set aside and is lost");
        }
    }
}

fn number_of(record: &Value) -> String {
    record
        .pointer("/dynamodb/SequenceNumber")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn with<T>(reader: &Mutex<StreamReader>, action: impl FnOnce(&mut StreamReader) -> T) -> T {
    // A panic in between left the place as it was: it moves by one rename.
    action(&mut reader.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DynamoError> + Send + 'static,
) -> Result<T, DynamoError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(cut_short) => std::panic::resume_unwind(cut_short.into_panic()),
    }
}

fn report<T, E, F>(doing: &'static str, done: Result<Result<T, E>, F>)
where
    E: std::error::Error + 'static,
    F: std::error::Error + 'static,
{
    match done {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(doing, error, "the worker failed");
        }
        Err(error) => tracing::error!(doing, %error, "the worker failed"),
    }
}
