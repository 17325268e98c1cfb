//! What is left when AWS fails between any two calls, or the process dies there.

mod sharing;
mod uploading;
