//! How calls reach handlers: the rows of the table of routes, what they say of themselves, and what
//! happens to each call before its handler and to each answer after.

pub mod openapi;
pub mod reception;
pub mod route;
