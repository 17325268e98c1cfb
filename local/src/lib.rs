//! The laptop cloud: `DynamoDB`, S3 and SES for one process, behind one port.
//!
//! Nothing here is deployed. The functions and the worker talk to these parts through the same AWS
//! SDK calls as in the cloud, so there is one code path and nothing to install.
//!
//! - [`dynamo`]: the table and its stream, in one file;
//! - [`s3`]: the bucket, in one folder;
//! - [`mailbox`]: what SES would have sent, as JSON and as a page;
//! - [`cloud`]: all of it started together, with the functions and the worker;
//! - [`orders`]: what the operator has done in it;
//! - [`pages`] and [`front`]: the static pages, and the one port with everything behind it;
//! - [`docs`]: the API as a page, made from its description;
//! - [`pdf`] and [`demo`]: documents of a made-up company to begin with.

pub mod cloud;
pub mod demo;
pub mod docs;
pub mod dynamo;
mod file;
pub mod front;
pub mod mailbox;
pub mod orders;
pub mod pages;
pub mod pdf;
pub mod s3;
