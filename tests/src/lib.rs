//! The whole cloud in one process, and clients that use it as people do.
//!
//! - [`world`]: the cloud itself, its clock, its mailbox;
//! - [`authenticator`]: an app that shows codes;
//! - [`bucket`]: addresses of files;
//! - [`chance`]: chance that can be repeated;
//! - [`client`]: browsers that call the API;
//! - [`seed`]: companies, people, documents and contacts to begin with;
//! - [`uploads`]: files on their way into the bucket;
//! - [`events`]: events in the shapes that AWS documents;
//! - [`faults`]: what goes wrong on the way to AWS;
//! - [`footprint`]: what a company has in the table, to compare;
//! - [`mailbox`]: mails as somebody reads them;
//! - [`protocol`]: guest links, played at random beside a model of them;
//! - [`rehearsal`]: an act with each of its AWS calls failing in turn;
//! - [`trail`]: the audit trail;
//! - [`rush`]: very many browsers that open one link at once;
//! - [`roles`]: what each function may ask of AWS, held against what it asks;
//! - [`runtime`]: the deployed programs, started as Lambda starts them;
//! - [`busy`]: how long something was under way;
//! - [`figures`]: arithmetic of what was measured, and how it is written.

pub mod authenticator;
pub mod bucket;
pub mod busy;
pub mod chance;
pub mod client;
pub mod events;
pub mod faults;
pub mod figures;
pub mod footprint;
pub mod mailbox;
pub mod protocol;
pub mod rehearsal;
pub mod roles;
pub mod runtime;
pub mod rush;
pub mod seed;
pub mod trail;
pub mod units;
pub mod uploads;
pub mod world;
