//! Routes, one module an area, mirroring the paths of the API.
//!
//! Each test starts a [`tests::world::World`], does one thing over HTTP, shows status and body, and
//! then what did *not* happen: the row kept, no mail.

mod accounts;
mod activity;
mod alike;
mod bad_input;
mod contacts;
mod docs;
mod documents;
mod explain;
mod files;
mod founding;
mod garbage;
mod grants;
mod guest;
mod health;
mod invitations;
mod links;
mod mails;
mod me;
mod members;
mod pages;
mod password_resets;
mod pictures;
mod portal;
mod preview;
mod requests;
mod sessions;
mod tenant;
mod trust;
