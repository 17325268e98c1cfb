//! Mails: what they say, how they look, and how they leave.
//!
//! A [`message::Message`] carries plain facts. [`message::Message::render`] turns it into a
//! subject, a text and an HTML body in the tenant's name and colour; [`mailer::Mailer`] hands
//! those to SES.
//!
//! Invariants, each held by a test:
//! - Whatever a person typed is cleaned before a template sees it: a name can forge no header, no
//!   line and no reading direction.
//! - A mail to an address nobody has proved cannot hold what the visitor typed: the variant for it
//!   has no field to put it in ([`message::Asker::Unproved`]).
//! - One purpose, one button at most, no picture; a code mail holds no link at all.
//! - A try to send is one request: SES has no idempotency key, so only the outbox may repeat it.
//! - No `Debug` output shows a code, a link or a body.

pub mod brand;
mod browser;
mod clean;
mod colour;
mod documents;
pub mod error;
pub mod events;
pub mod mailer;
pub mod message;
mod sender;
pub mod time;
mod views;
