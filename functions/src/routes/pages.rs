//! Pages under a mark, for whoever may look at a document and not take it along.

pub mod read;
