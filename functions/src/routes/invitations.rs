//! Invitations to a seat, for whoever holds the link.

pub mod accept;
pub mod cover;

use app::exchange::problem::Problem;
use app::house::keyring::Keyring;
use app::house::token::SeatToken;
use app::seating::accepting::offer_over;

/// The token that stands behind the `#` of an invitation's link.
fn seat_token(keys: &Keyring, token: &str) -> Result<SeatToken, Problem> {
    SeatToken::verify(keys, token).ok_or_else(offer_over)
}
