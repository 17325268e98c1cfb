//! Another company's ids, given to every route.

use tests::world::World;

use crate::permissions::asks::ask;
use crate::permissions::stage::{MARK, Stage, Standing};
use crate::permissions::table::{Who, rows};

/// Routes that show or change something of a company to whoever knows its public address, or
/// holds a token that it mailed.
fn is_for_strangers(route: &str) -> bool {
    ["trust.", "invitations.", "password_resets.", "guest."]
        .iter()
        .any(|area| route.starts_with(area))
        || matches!(route, "portal.open" | "portal.code" | "portal.renew")
}

/// What writes, of the operations of DynamoDB.
const WRITES: [&str; 4] = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"];

#[tokio::test]
async fn no_route_tells_or_touches_what_belongs_to_another_company() {
    let world = World::start().await;
    for row in rows().into_iter().filter(|row| !is_for_strangers(row.route)) {
        let stage = Stage::set(&world, Who::Foreign, Standing::New).await;
        // Armed, it begins to count when everything is made and the route is asked.
        world.faults.count();
        let reply = ask(&stage, row.route, row.variant).await;
        let calls = world.faults.disarm();
        let told = reply.text.to_lowercase().contains(MARK);
        assert!(!told, "{} {}: {}", row.route, row.variant, reply.text);

        let partition = format!("\"S\":\"{}", domain::id::Id::ulid(stage.company.id()));
        for call in &calls {
            let writes = WRITES.iter().any(|write| call.operation.ends_with(write));
            let touches = writes && call.body.contains(&partition);
            assert!(!touches, "{} {} wrote {}", row.route, row.variant, call.body);
        }
    }
}
