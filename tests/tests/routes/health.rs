//! `/v1/health`.

use serde_json::json;
use tests::world::World;

#[tokio::test]
async fn health_is_told_to_anyone_and_asks_nobody() {
    let world = World::start().await;
    let visitor = world.visitor();
    drop(world.meter.take());
    let health = visitor.get("/v1/health").await.expect(200);
    assert_eq!(health, json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
    assert_eq!(world.meter.take(), []);
}
