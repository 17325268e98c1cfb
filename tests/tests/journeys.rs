//! Journeys: whole stories over several routes, as people live them.

mod access;
mod links;
mod members;
