//! Invitations to a seat, for whoever holds the link.

pub mod accept;
pub mod cover;

use app::accepting::offer_over;
use app::keyring::Keyring;
use app::problem::Problem;
use app::token::SeatToken;

/// The token that stands behind the `#` of an invitation's link.
fn seat_token(keys: &Keyring, token: &str) -> Result<SeatToken, Problem> {
    SeatToken::verify(keys, token).ok_or_else(offer_over)
}
