//! The programs as they are deployed: started as Lambda starts them, fed with the events that API
//! Gateway, DynamoDB and `EventBridge` send, and nothing else of ours in between.

mod journey;
mod site;
