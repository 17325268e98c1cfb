//! What a first start shows: a made-up company and its documents.

pub mod papers;
