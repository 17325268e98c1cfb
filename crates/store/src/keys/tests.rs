use super::*;

mod table;

fn id<I: Id>(number: u128) -> I {
    I::from_ulid(Ulid::from_parts(1, number))
}

#[test]
fn instants_sort_as_time_does() {
    let at = |second| instant(Timestamp::from_second(second).unwrap());
    assert!(at(999_999_999) < at(1_000_000_000) && at(1_700_000_000) < at(1_700_000_001));
}

#[test]
fn a_place_among_what_is_due_tells_the_instant() {
    let at = Timestamp::from_second(1_700_000_000).unwrap();
    let (shard, place) = due(at, Ulid::from_parts(1, u128::from(DUE_SHARDS) + 3));
    assert_eq!(shard, due_shard(3));
    assert_eq!(due_at(&place), Some(at));
}

#[test]
fn a_tenants_key_tells_the_tenant_and_others_tell_none() {
    let (tenant, contact) = (id(7), id(8));
    assert_eq!(Keys(tenant).contact(contact).tenant(), Some(tenant));
    assert_eq!(Keys(tenant).tenant().tenant(), Some(tenant));
    assert_eq!(session("abc").tenant(), None);
}

#[test]
fn a_key_tells_the_contact_in_whose_partition_it_lies() {
    let (keys, contact) = (Keys(id(7)), id(8));
    assert_eq!(keys.grant(contact, id(9)).contact(), Some(contact));
    assert_eq!(keys.account(id(8)).contact(), None);
}
