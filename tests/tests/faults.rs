//! What is left when AWS fails between any two calls, or the process dies there.

mod contacts;
mod library;
mod links;
mod members;
mod pages;
mod pictures;
mod portal;
mod sending;
mod sharing;
mod storm;
mod uploading;
mod worker;
