//! The library: what a company may open to others.

pub mod access;
pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod update;

use app::cx::Cx;
use domain::member::Role;
use store::lists::List;

/// The part of the library that a member sees and may share from: reviewers all of it, others what
/// they put there.
pub(crate) fn library_of(cx: &Cx) -> List {
    match cx.who.member.role {
        Role::Administrator | Role::AccountManager => List::Documents,
        Role::Representative | Role::Member => List::DocumentsOfUploader(cx.who.member.id),
    }
}
