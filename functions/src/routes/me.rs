//! Who is signed in.

pub mod confirm_totp;
pub mod enrol_totp;
pub mod password;
pub mod read;
pub mod remove_totp;
pub mod renew_recovery_codes;
pub mod update;
