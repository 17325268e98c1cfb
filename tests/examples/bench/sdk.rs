//! How long the AWS SDK is at work. It opens a span around each operation, from the call of `send`
//! or `presigned` until its result; the time on the wire within it is counted apart.

use std::sync::Arc;

use tests::busy::Busy;
use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Begins to watch the SDK, once in a process.
pub(crate) fn watch() -> Arc<Busy> {
    let busy = Arc::new(Busy::default());
    let layer = Watch(busy.clone()).with_filter(filter_fn(is_operation));
    tracing_subscriber::registry().with(layer).init();
    busy
}

struct Watch(Arc<Busy>);

impl<S: Subscriber> Layer<S> for Watch {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.0.begin();
    }

    fn on_close(&self, _: Id, _: Context<'_, S>) {
        self.0.end();
    }
}

/// Whether a span is the one around a whole operation.
fn is_operation(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.fields().field("rpc.service").is_some()
}
