use super::*;
use crate::fixtures::{id, keyring};

const SECRET: [u8; 32] = [7; 32];

/// Whether `text` is read as what was signed, and nothing else is: not under another keyring, not
/// cut short, not with more behind it, and not as a token for another purpose.
fn is_read_back<T: PartialEq>(
    verify: impl Fn(&Keyring, &str) -> Option<T>,
    (token, text): (T, &str),
    (purpose, payload_bytes): (Purpose, usize),
) {
    let keys = keyring(1);
    assert!(verify(&keys, text) == Some(token), "{text}");
    assert!(verify(&keyring(2), text).is_none());
    assert!(verify(&keys, "").is_none() && verify(&keys, "forged").is_none());
    for length in [payload_bytes - 1, payload_bytes + 1] {
        let payload = vec![1; length];
        assert!(verify(&keys, &keys.sign(purpose, &payload)).is_none(), "{length} bytes");
    }
    assert!(verify(&keys, &keys.sign(purpose, &vec![1; payload_bytes])).is_some());
    assert!(verify(&keys, &keys.sign(Purpose::Code, &vec![1; payload_bytes])).is_none());
}

#[test]
fn each_token_is_read_as_it_was_signed_and_nothing_else_is_one() {
    let keys = keyring(1);
    let (tenant, contact, member) = (id(1), id(3), id(10));
    for account in [None, Some(id(2))] {
        let token = InvitationToken { tenant, contact, account, invitation: id(17) };
        let signed = (token, token.sign(&keys));
        is_read_back(InvitationToken::verify, (signed.0, &signed.1), (Purpose::Invitation, 64));
        let cookie = PortalCookie { tenant, contact, account, secret: SECRET };
        let signed = (cookie, cookie.sign(&keys));
        is_read_back(PortalCookie::verify, (signed.0, &signed.1), (Purpose::Portal, 80));
    }
    let token = AnswerToken { tenant, contact, request: id(15), round: 3 };
    is_read_back(AnswerToken::verify, (token, &token.sign(&keys)), (Purpose::Answer, 49));
    let token = SeatToken { tenant, member, round: 3 };
    is_read_back(SeatToken::verify, (token, &token.sign(&keys)), (Purpose::Seat, 36));
    let cookie = ChallengeCookie::new(tenant, id(16), &"ab".repeat(16));
    is_read_back(ChallengeCookie::verify, (cookie, &cookie.sign(&keys)), (Purpose::Challenge, 48));
    for seat in [None, Some(Chosen { tenant_id: tenant, member_id: member })] {
        let cookie = SessionCookie { identity: id(9), seat, secret: SECRET };
        let signed = (cookie, cookie.sign(&keys));
        is_read_back(SessionCookie::verify, (signed.0, &signed.1), (Purpose::Session, 80));
    }
}

#[test]
fn a_reset_names_its_end_to_the_millisecond() {
    let keys = keyring(1);
    let expires_at = Timestamp::from_millisecond(1_789_353_600_123).unwrap();
    let token = ResetToken { identity: id(9), epoch: 4, expires_at };
    let text = token.sign(&keys);
    assert_eq!(ResetToken::verify(&keys, &text), Some(token));
    assert_eq!(ResetToken::verify(&keyring(2), &text), None);
    let bytes = |end: i64, tail: &[u8]| {
        let ids = Writer::default().id(token.identity).bytes(&4_u32.to_be_bytes());
        keys.sign(Purpose::Reset, &ids.bytes(&end.to_be_bytes()).bytes(tail).0)
    };
    assert_eq!(ResetToken::verify(&keys, &bytes(expires_at.as_millisecond(), &[])), Some(token));
    assert_eq!(ResetToken::verify(&keys, &bytes(expires_at.as_millisecond(), &[0])), None);
    assert_eq!(ResetToken::verify(&keys, &bytes(i64::MAX, &[])), None, "there is no such time");
}

#[test]
fn half_a_seat_is_none() {
    let keys = keyring(1);
    let (identity, member): (IdentityId, MemberId) = (id(9), id(10));
    let payload = Writer::default().id(identity).maybe(None::<TenantId>).maybe(Some(member));
    let text = keys.sign(Purpose::Session, &payload.bytes(&SECRET).0);
    assert_eq!(SessionCookie::verify(&keys, &text).map(|cookie| cookie.seat), Some(None));
}

#[test]
fn where_misses_count_is_read_back_from_the_cookie() {
    let standing = "0123456789abcdef".repeat(2);
    let cookie = ChallengeCookie::new(id(1), id(16), &standing);
    assert_eq!(cookie.standing_hash(), standing);
    let broken = ChallengeCookie::new(id(1), id(16), "no hash");
    assert_eq!(broken.standing, [0; 16], "no code counts there");
}

#[test]
fn a_code_is_its_challenges_own_and_the_same_whenever_it_is_computed() {
    let keys = keyring(1);
    let code = code_of(&keys, id(1), id(16)).unwrap();
    let again = code_of(&keys, id(1), id(16)).unwrap();
    assert_eq!(again.value(), code.value());
    assert!(is_code_of(&keys, id(1), id(16), code));
    for other in [
        code_of(&keys, id(1), id(160)),
        code_of(&keys, id(100), id(16)),
        code_of(&keyring(2), id(1), id(16)),
    ] {
        let other = other.unwrap();
        assert_ne!(other.value(), code.value());
        assert!(!is_code_of(&keys, id(1), id(16), other));
    }
}

#[test]
fn secrets_are_made_again_from_what_caused_them() {
    let keys = keyring(1);
    let (invitation, challenge): (InvitationId, ChallengeId) = (id(17), id(16));
    let secret = device_secret(&keys, invitation, b"nonce");
    assert_eq!(secret, device_secret(&keys, invitation, b"nonce"));
    assert_ne!(secret, [0; 32]);
    assert_ne!(secret, device_secret(&keys, invitation, b"other"));
    assert_ne!(secret, device_secret(&keyring(2), invitation, b"nonce"));
    assert_eq!(portal_secret(&keys, &invitation.to_string(), b"nonce"), Some(secret));
    let by_code = device_secret(&keys, challenge, b"nonce");
    assert_eq!(portal_secret(&keys, &challenge.to_string(), b"nonce"), Some(by_code));
    assert_eq!(portal_secret(&keys, "doc_1", b"nonce"), None);
    assert_ne!(by_code, secret);
    let seated = seated_secret(&keys, id(19));
    assert_eq!(seated, seated_secret(&keys, id(19)));
    assert_ne!(seated, seated_secret(&keys, id(190)));
}

#[test]
fn a_nonce_is_32_bytes_in_base64url() {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    assert_eq!(nonce_bytes(&text(&SECRET)), Some(SECRET.to_vec()));
    for wrong in [text(&[7; 31]), text(&[7; 33]), String::new(), "!".repeat(43)] {
        assert_eq!(nonce_bytes(&wrong), None, "{wrong}");
    }
}
