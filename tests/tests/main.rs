//! The whole house, asked from outside as its users ask it. One program, since linking the AWS SDK
//! takes longer than most tests: `cargo test --test house routes::guest` runs one area.

mod faults;
mod journeys;
mod lambda;
mod permissions;
mod protocol;
mod routes;
mod tour;
mod units;
mod worker;
