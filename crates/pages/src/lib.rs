//! Pages: files drawn as pictures, in a process that may die of it.
//!
//! A file is whatever somebody uploaded. A few kilobytes of PDF can draw for ever, ask for all
//! memory there is, or find a fault in who reads it. So nothing of a file is looked at in the
//! process that works for others: the same program is started again as a *drawer*
//! ([`drawer::draw_if_asked`]), which gives up files, memory and time before it reads the first
//! byte, and only ever sees this one file. Its death, whatever of, means that the file has no
//! pages.
//!
//! The two speak over pipes: bytes of the file in, pages out ([`frame`]). Neither trusts a length
//! that the other names.

mod draw;
pub mod drawer;
mod error;
mod frame;
mod limits;
pub mod renderer;
