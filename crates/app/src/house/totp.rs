//! Codes of authenticator apps (TOTP, RFC 6238 with SHA-1, the one algorithm that every app knows),
//! and recovery codes.

use data_encoding::BASE32_NOPAD;
use domain::challenge::code::Code;
use domain::email::Email;
use domain::id::IdentityId;
use domain::second_factor::{
    DIGITS, Recovery, RecoveryCode, SEED_BYTES, STEP, SealedSeed, Typed, steps,
};
use hmac::{Hmac, KeyInit as _, Mac};
use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::house::House;
use crate::house::keyring::Purpose;

/// What authenticator apps show beside the address.
const ISSUER: &str = "Vestibule";
/// Least pixels of a QR code's side: large enough for a telephone at arm's length.
const QR_PIXELS: u32 = 240;

/// The seed of an authenticator app. It is shown once, to whoever enrols.
pub struct Seed([u8; SEED_BYTES]);

impl Seed {
    /// The seed as it is typed into an app.
    #[must_use]
    pub fn text(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address that an app reads (Key Uri Format of Google Authenticator).
    #[must_use]
    pub fn uri(&self, email: &Email) -> String {
        let account: String = form_urlencoded::byte_serialize(email.as_str().as_bytes()).collect();
        let (secret, period) = (self.text(), STEP.as_secs());
        format!(
            "otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={period}"
        )
    }

    /// The address as a picture for the app's camera, in SVG.
    #[must_use]
    pub fn qr(&self, email: &Email) -> String {
        // A code holds far more than the longest address and seed.
        QrCode::new(self.uri(email)).map_or_else(
            |_| String::new(),
            |code| {
                let mut picture = code.render::<svg::Color<'_>>();
                picture.min_dimensions(QR_PIXELS, QR_PIXELS).build()
            },
        )
    }

    /// The code that an app shows in a step (RFC 4226, 5.3).
    fn code(&self, step: u64) -> Option<Code> {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).ok()?;
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest.last()? & 0xf);
        let word = digest.get(offset..)?.first_chunk::<4>()?;
        Some(Code::ending(u32::from_be_bytes(*word) & 0x7fff_ffff))
    }

    /// Which of the steps that are good at `now` shows `typed`.
    #[must_use]
    pub fn typed(&self, typed: Code, now: Timestamp) -> Typed {
        let is_shown = |step: &u64| {
            let shown = self.code(*step);
            shown.is_some_and(|shown| shown.value().ct_eq(&typed.value()).into())
        };
        steps(now).into_iter().find(is_shown).map_or(Typed::Wrong, Typed::Step)
    }
}

impl House {
    /// A new seed for `person`, and how it lies in the table.
    #[must_use]
    pub fn new_seed(&self, person: IdentityId) -> Option<(Seed, SealedSeed)> {
        let seed = Seed(*self.dice.secret().first_chunk()?);
        let nonce = *self.dice.secret().first_chunk()?;
        let (root, text) = self.keys.seal(&seal_of(person), nonce, &seed.0)?;
        Some((seed, SealedSeed { root, text }))
    }

    /// The seed of `person` that lies as `sealed`.
    #[must_use]
    pub fn seed(&self, person: IdentityId, sealed: &SealedSeed) -> Option<Seed> {
        let seed = self.keys.unseal(sealed.root, &seal_of(person), &sealed.text)?;
        seed.try_into().ok().map(Seed)
    }

    /// The recovery codes of a set that are unused, in the order of their numbers.
    #[must_use]
    pub fn recovery_codes(&self, person: IdentityId, of: &Recovery) -> Vec<RecoveryCode> {
        let unused = of.unused.iter();
        unused.filter_map(|number| self.recovery_code(person, of, *number)).collect()
    }

    /// Which unused recovery code of a set `typed` is.
    #[must_use]
    pub fn typed_recovery(&self, person: IdentityId, of: &Recovery, typed: &RecoveryCode) -> Typed {
        let is_it = |number: &&u8| {
            let code = self.recovery_code(person, of, **number);
            code.is_some_and(|code| code.signs().as_bytes().ct_eq(typed.signs().as_bytes()).into())
        };
        of.unused.iter().find(is_it).map_or(Typed::Wrong, |number| Typed::Recovery(*number))
    }

    fn recovery_code(&self, person: IdentityId, of: &Recovery, number: u8) -> Option<RecoveryCode> {
        let message = format!("{person}#{}#{number}", of.round);
        let bits = self.keys.mac(of.root, Purpose::Recovery, message.as_bytes())?;
        Some(RecoveryCode::of_bits(bits.first_chunk()?))
    }
}

/// What the key of a person's seeds is made from besides the root.
fn seal_of(person: IdentityId) -> String {
    format!("totp#{person}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{house, id, keyring};

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of eight digits.
        let seed = Seed(*b"12345678901234567890");
        let vectors = [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ];
        for (second, code) in vectors {
            let step = steps(Timestamp::from_second(second).unwrap())[0];
            assert_eq!(seed.code(step).map(Code::value), Some(code), "{second}");
        }
    }

    #[test]
    fn what_is_typed_is_the_code_of_this_step_or_the_one_before() {
        let seed = Seed(*b"12345678901234567890");
        let code = || "287082".parse().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(seed.typed(code(), at(30)), Typed::Step(1));
        assert_eq!(seed.typed(code(), at(89)), Typed::Step(1));
        assert_eq!(seed.typed(code(), at(29)), Typed::Wrong);
        assert_eq!(seed.typed(code(), at(90)), Typed::Wrong);
    }

    #[test]
    fn a_seed_is_read_again_by_its_owners_key_only() {
        let house = house();
        let (seed, sealed) = house.new_seed(id(9)).unwrap();
        assert_eq!(house.seed(id(9), &sealed).unwrap().text(), seed.text());
        assert_eq!(seed.text().len(), 32);
        assert!(house.seed(id(8), &sealed).is_none());
        assert!(!sealed.text.contains(&seed.text()));
        let (another, _) = house.new_seed(id(9)).unwrap();
        assert_ne!(another.text(), seed.text());
    }

    #[test]
    fn an_app_reads_who_and_how() {
        let seed = Seed(*b"12345678901234567890");
        let email = "maya+work@acme.example".parse().unwrap();
        let uri = "otpauth://totp/Vestibule:maya%2Bwork%40acme.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Vestibule&algorithm=SHA1&digits=6&period=30";
        assert_eq!(seed.uri(&email), uri);
        let qr = seed.qr(&email);
        assert!(qr.contains("<svg") && qr.trim_end().ends_with("</svg>"), "{qr}");
    }

    #[test]
    fn recovery_codes_are_a_persons_own_and_differ_by_set_and_number() {
        let house = house();
        let set = |round| Recovery { root: 1, round, unused: (1..=8).collect() };
        let mut all = house.recovery_codes(id(9), &set(1));
        assert_eq!(house.typed_recovery(id(9), &set(1), &all[2]), Typed::Recovery(3));
        let rest = Recovery { unused: vec![1, 2], ..set(1) };
        assert_eq!(house.typed_recovery(id(9), &rest, &all[2]), Typed::Wrong);
        all.extend(house.recovery_codes(id(9), &set(2)));
        all.extend(house.recovery_codes(id(8), &set(1)));
        let mut other = crate::fixtures::house();
        other.keys = keyring(2);
        let root = other.keys.current();
        all.extend(other.recovery_codes(id(9), &Recovery { root, ..set(1) }));
        let different: std::collections::HashSet<&str> =
            all.iter().map(RecoveryCode::signs).collect();
        assert_eq!((all.len(), different.len()), (32, 32));
    }
}
