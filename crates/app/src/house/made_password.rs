//! Passwords that are made up for somebody, and shown once.

use crate::house::dice::Dice;

/// Letters and digits that are not mistaken for one another; 32, so that a byte picks evenly.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Signs of a password, 5 bits each: 100 bits.
const SIGNS_COUNT: usize = 20;
/// Signs between two hyphens.
const GROUP: usize = 5;

/// A new password, such as `k7mqa-…`.
#[must_use]
pub fn make(dice: &Dice) -> String {
    let mut password = String::new();
    for (place, byte) in dice.secret().into_iter().take(SIGNS_COUNT).enumerate() {
        if 0 < place && place % GROUP == 0 {
            password.push('-');
        }
        let sign = SIGNS.get(usize::from(byte) % SIGNS.len()).copied().unwrap_or_default();
        password.push(char::from(sign));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_four_groups_of_five_and_never_the_same() {
        let (one, other) = (make(&Dice::seeded(1)), make(&Dice::seeded(2)));
        assert_ne!(one, other);
        assert!(one.split('-').all(|group| group.len() == GROUP) && one.len() == 23, "{one}");
    }
}
