//! What opens documents to people.

pub mod extend;
