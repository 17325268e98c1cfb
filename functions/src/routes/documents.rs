//! The library: what a company may open to others.

pub mod access;
pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod update;

use app::cx::Cx;
use store::lists::List;

/// The part of the library that the caller sees and may share from.
pub(crate) fn library_of(cx: &Cx) -> List {
    app::library::part_of(&cx.who.member)
}
