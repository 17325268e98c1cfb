//! Who calls, and what proves it: nothing, a password, a session's cookie, or what is sent.

pub mod anyone;
pub mod bearer;
pub(crate) mod outsider;
pub mod password;
pub mod second_factor;
pub mod sign_in;
pub mod staff;
