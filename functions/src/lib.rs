//! The routes: one table, one file a route.
//!
//! [`routes::ROUTES`] is the table. The Lambda dispatch, the laptop's server, the API description,
//! the permissions of each function and the rows of the permission table all derive from it.

pub mod routes;
mod trail;
pub mod views;
