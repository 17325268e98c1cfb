//! What stands in for AWS on a laptop, and all of it together; one program, for the linker's sake.

mod cloud;
mod dynamo;
mod front;
mod mailbox;
mod s3;
