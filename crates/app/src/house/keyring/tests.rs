use super::*;

fn keyring(ids: &[u8]) -> Keyring {
    let line = |id: &u8| format!("{id}:{}\n", data_encoding::HEXLOWER.encode(&[*id; 32]));
    Keyring::parse(&ids.iter().map(line).collect::<String>()).unwrap()
}

#[test]
fn a_token_for_one_purpose_is_garbage_to_another() {
    let keys = keyring(&[1]);
    let token = keys.sign(Purpose::Invitation, b"payload");
    assert_eq!(keys.verify(Purpose::Invitation, &token).as_deref(), Some(&b"payload"[..]));
    assert_eq!(keys.verify(Purpose::Answer, &token), None);
}

#[test]
fn a_changed_token_is_refused_wherever_it_was_changed() {
    let keys = keyring(&[1]);
    let token = keys.sign(Purpose::Portal, b"payload");
    for at in 0..token.len() {
        let mut forged = token.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        assert_eq!(keys.verify(Purpose::Portal, &forged), None, "changed at {at}");
    }
    for text in ["", "A", "!!!!", "AQ"] {
        assert_eq!(keys.verify(Purpose::Portal, text), None);
    }
}

#[test]
fn a_retired_root_still_verifies_and_a_dropped_one_does_not() {
    let token = keyring(&[1]).sign(Purpose::Session, b"x");
    assert!(keyring(&[2, 1]).verify(Purpose::Session, &token).is_some());
    assert!(keyring(&[2]).verify(Purpose::Session, &token).is_none());
    assert!(keyring(&[2, 1]).sign(Purpose::Session, b"x") != token);
}

#[test]
fn a_rotated_keyring_signs_anew_and_verifies_what_was_signed() {
    // As Secrets Manager makes it.
    let first = "ab".repeat(32);
    let old = Keyring::parse(&first).unwrap();
    let token = old.sign(Purpose::Session, b"x");
    let (text, id) = Keyring::rotated(&first, [7; 32]).unwrap();
    let new = Keyring::parse(&text).unwrap();
    assert_eq!((old.current(), id, new.current()), (1, 2, 2));
    assert!(new.verify(Purpose::Session, &token).is_some());
    assert_eq!(Keyring::rotated(&text, [8; 32]).unwrap().1, 3);
    assert!(Keyring::rotated("no keyring", [8; 32]).is_err());
}

#[tokio::test]
async fn an_unknown_root_is_noticed_and_a_forged_token_is_not() {
    let (old, new) = (keyring(&[1]), keyring(&[2, 1]));
    let token = new.sign(Purpose::Session, b"x");
    let verify = async || old.verify(Purpose::Session, &token).is_some();
    assert_eq!(noticing(verify()).await, (false, true));
    let forged = async || old.verify(Purpose::Answer, &old.sign(Purpose::Session, b"x"));
    assert_eq!(noticing(forged()).await, (None, false));
    old.clone().replace(&new);
    assert_eq!(noticing(verify()).await, (true, false));
}

#[test]
fn what_is_sealed_opens_only_with_its_seed() {
    let keys = keyring(&[1]);
    let (root, sealed) = keys.seal("seed", [7; 24], b"Maya").unwrap();
    assert_eq!(keys.unseal(root, "seed", &sealed).as_deref(), Some(&b"Maya"[..]));
    assert_eq!(keys.unseal(root, "", &sealed), None);
    assert_eq!(keys.unseal(root, "other", &sealed), None);
}

#[test]
fn a_keyring_does_not_print_its_keys() {
    assert_eq!(format!("{:?}", keyring(&[3, 1])), "Keyring([3, 1])");
}

#[tokio::test]
async fn a_root_that_is_not_in_force_is_noticed() {
    let keys = keyring(&[1, 2]);
    let asks = async |id| keys.holds(id);
    assert_eq!(noticing(asks(2)).await, (true, false));
    assert_eq!(noticing(asks(3)).await, (false, true));
    assert!(!keys.holds(3));
}
