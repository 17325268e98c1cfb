//! Who gets what: every cell of `tests/permissions.table`, issued through real dispatch; and that
//! another company's things are never answered with, nor written.

mod asks;
mod explained;
mod failing;
mod problems;
mod stage;
mod sweep;
mod table;

use std::collections::HashMap;
use std::fmt::Write;

use app::exchange::cx::Previews;
use functions::routes::ROUTES;
use tests::world::World;

use crate::permissions::asks::ask;
use crate::permissions::stage::{Stage, Standing};
use crate::permissions::table::{Who, rows};

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let mut named: Vec<&str> = rows().iter().map(|row| row.route).collect();
    named.dedup();
    let wanted: Vec<&str> = ROUTES.iter().map(|route| route.name).collect();
    for route in &wanted {
        assert!(named.contains(route), "`{route}` has no row in permissions.table");
    }
    for name in &named {
        assert!(wanted.contains(name), "`{name}` is no route");
    }
    assert_eq!(named.len(), wanted.len(), "rows of one route must stand together");
}

#[tokio::test]
async fn every_cell_is_answered_as_the_table_says() {
    every_cell(Standing::New).await;
}

#[tokio::test]
async fn every_cell_is_answered_alike_to_those_known_for_long() {
    every_cell(Standing::Settled).await;
}

#[tokio::test]
async fn every_cell_is_foreseen_as_the_table_says() {
    every_cell(Standing::Foreseen).await;
}

async fn every_cell(standing: Standing) {
    let world = Box::pin(World::start()).await;
    // Who was refused, or only read, left everything as it was, and their company serves again; but
    // not where sessions are to have been used a while ago, nor where a link is prepared further.
    let mut stages: HashMap<Who, Stage> = HashMap::new();
    let mut wrong = String::new();
    for row in rows() {
        let route = ROUTES.iter().find(|route| route.name == row.route).expect("a route");
        if standing == Standing::Foreseen && route.previews == Previews::No {
            continue;
        }
        for (who, mut wanted) in Who::ALL.into_iter().zip(row.cells) {
            if standing == Standing::Foreseen && wanted < 300 {
                wanted = 200;
            }
            let stage = match stages.remove(&who) {
                Some(stage) => stage,
                None => Box::pin(Stage::set(&world, who, standing)).await,
            };
            let reply = ask(&stage, row.route, row.variant).await;
            let is_as_it_was = reply.status >= 400 || route.method.as_str() == "GET";
            if is_as_it_was && standing != Standing::Settled && stage.link.is_none() {
                stages.insert(who, stage);
            }
            if reply.status != wanted {
                let (route, variant, found) = (row.route, row.variant, reply.status);
                writeln!(wrong, "{route} {variant} {who:?}: {found}, not {wanted}; {}", reply.text)
                    .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
