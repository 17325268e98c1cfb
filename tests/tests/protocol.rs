//! The protocol of guest links: people, thieves, the sender and the clock at random, and whether
//! the rules and the service do as the reference model tells. `make bench` plays more of it.

use tests::protocol::{parting_of_rules, parting_of_service, unmissed_rules};

#[test]
fn the_rules_are_the_model() {
    assert_eq!(parting_of_rules(0..2_000), None);
}

#[test]
fn each_rule_that_is_taken_away_is_missed() {
    assert_eq!(unmissed_rules(0..2_000), [""; 0]);
}

#[tokio::test]
async fn the_service_is_the_model() {
    assert_eq!(parting_of_service(0..40).await, None);
}
