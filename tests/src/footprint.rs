//! What a company has in the table, without ids and times: two ways of doing the same leave the
//! same.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::{Id, TenantId};
use local::s3::{ACCESS_KEY, SECRET_KEY};

use crate::world::World;

/// Pages of a scan at the most; 1 MB each.
const PAGES_MAX: usize = 100;
/// What tells how often a thing was changed, and to what.
const TELLING: [&str; 6] = ["version", "seq", "verb", "status", "state", "uses"];
/// Counters of tries and budgets: a repeat is a try of its own.
const COUNTERS: [&str; 4] = ["std", "bud", "chl", "seen"];

/// How many items of each kind there are, and in which state.
pub type Footprint = BTreeMap<String, usize>;

/// A client of the table at `url` that nobody watches or lets fail.
pub(crate) fn table_at(url: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "tests"))
        .endpoint_url(url)
        .build();
    Client::from_conf(config)
}

impl World {
    /// What `tenant` has in the table now.
    pub async fn footprint(&self, tenant: TenantId) -> Footprint {
        let (client, mut start) = (&self.table, None);
        // Some are words that expressions reserve.
        let names: HashMap<String, String> =
            TELLING.iter().map(|name| (format!("#{name}"), (*name).to_owned())).collect();
        let mut wanted: Vec<&str> = names.keys().map(String::as_str).collect();
        wanted.extend(["PK", "SK"]);
        let mut footprint = Footprint::new();
        for _ in 0..PAGES_MAX {
            let page = client
                .scan()
                .table_name("vestibule")
                .filter_expression("begins_with(PK, :tenant)")
                .expression_attribute_values(
                    ":tenant",
                    AttributeValue::S(tenant.ulid().to_string()),
                )
                .projection_expression(wanted.join(", "))
                .set_expression_attribute_names(Some(names.clone()))
                .set_exclusive_start_key(start);
            let page = page.send().await.expect("the table is scanned");
            for item in page.items() {
                if let Some(kind) = kind_of(item, tenant) {
                    *footprint.entry(kind).or_default() += 1;
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        footprint
    }
}

impl World {
    /// Everything that lies in the table, of all companies and people, as one text.
    pub async fn everything(&self) -> String {
        let pages = self.table.scan().table_name("vestibule").into_paginator().items();
        let items = pages.send().try_collect().await.expect("the table is scanned");
        format!("{items:?}")
    }
}

/// What differs between two footprints: what there is more of, or less.
#[must_use]
pub fn difference(before: &Footprint, after: &Footprint) -> BTreeMap<String, i64> {
    let count = |of: &Footprint, kind: &String| {
        i64::try_from(of.get(kind).copied().unwrap_or_default()).unwrap_or(i64::MAX)
    };
    before
        .keys()
        .chain(after.keys())
        .map(|kind| (kind.clone(), count(after, kind) - count(before, kind)))
        .filter(|(_, more)| *more != 0)
        .collect()
}

/// The kind of an item and its state; `None` for what is another company's, or only counts tries.
fn kind_of(item: &HashMap<String, AttributeValue>, tenant: TenantId) -> Option<String> {
    let text = |name: &str| item.get(name)?.as_s().ok();
    let (pk, sk) = text("PK").zip(text("SK"))?;
    let place = pk.strip_prefix(&tenant.ulid().to_string())?;
    let mut words = place.split('#').skip(1);
    let kind = words.next().unwrap_or("-");
    // A word of the search index differs with every name.
    let list = if kind == "list" { words.next().unwrap_or_default() } else { "" };
    let list: String = list.chars().take_while(char::is_ascii_lowercase).collect();
    if COUNTERS.contains(&kind) {
        return None;
    }
    let within: String =
        sk.trim_start_matches('~').chars().take_while(char::is_ascii_lowercase).collect();
    let told: Vec<String> = TELLING
        .iter()
        .filter_map(|name| {
            let value = item.get(*name)?;
            let value = value.as_s().or_else(|_| value.as_n()).ok()?;
            Some(format!("{name}={value}"))
        })
        .collect();
    Some(format!("{kind}{list} {within} {}", told.join(" ")))
}
