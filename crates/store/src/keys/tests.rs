use super::*;

#[test]
fn instants_sort_as_time_does() {
    let at = |second| instant(Timestamp::from_second(second).unwrap());
    assert!(at(999_999_999) < at(1_000_000_000) && at(1_700_000_000) < at(1_700_000_001));
}

#[test]
fn a_tenants_key_tells_the_tenant_and_others_tell_none() {
    let tenant = TenantId::from_ulid(Ulid::from_parts(7, 7));
    let contact = ContactId::from_ulid(Ulid::from_parts(8, 8));
    assert_eq!(Keys(tenant).contact(contact).tenant(), Some(tenant));
    assert_eq!(Keys(tenant).tenant().tenant(), Some(tenant));
    assert_eq!(session("abc").tenant(), None);
}
