//! The portal: what a contact reaches with a magic link or a code.

pub mod accept_nda;
pub mod answer;
pub mod code;
pub mod download;
pub mod open;
pub mod page;
pub mod read;
pub mod renew;
pub mod requests;
pub mod sign_out;
pub mod verify;
pub mod withdraw;

use app::exchange::problem::Problem;
use app::house::keyring::Keyring;
use app::house::token::InvitationToken;

/// A magic link's token. A forged one is as absent as one of another installation, and refused
/// before anything is counted, read or written.
fn link_token(keys: &Keyring, token: &str) -> Result<InvitationToken, Problem> {
    InvitationToken::verify(keys, token).ok_or_else(Problem::not_found)
}
