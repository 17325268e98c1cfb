//! Reading the table.

/// The table itself.
const TABLE: &str = include_str!("../../permissions.table");

/// Who asks, in the order of the columns. The rows of guests have all, those of other routes end
/// with [`Who::Verified`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Administrator,
    AccountManager,
    Representative,
    Member,
    Contact,
    Cut,
    Foreign,
    Nobody,
    /// A browser that proved its address on a guest link.
    Verified,
    /// One that pressed first.
    Trusted,
    /// One that only holds a link which opens to anybody.
    Bearer,
    /// One that was let in nowhere.
    Stranger,
    /// One that proved the same address on another link to the same document.
    Elsewhere,
    /// One that proved its address before its access was closed.
    Closed,
}

impl Who {
    pub(crate) const ALL: [Self; 14] = [
        Self::Administrator,
        Self::AccountManager,
        Self::Representative,
        Self::Member,
        Self::Contact,
        Self::Cut,
        Self::Foreign,
        Self::Nobody,
        Self::Verified,
        Self::Trusted,
        Self::Bearer,
        Self::Stranger,
        Self::Elsewhere,
        Self::Closed,
    ];
    /// How many of them every row has.
    const EVERYWHERE: usize = 9;
}

/// One line.
pub(crate) struct Row {
    pub(crate) route: &'static str,
    pub(crate) variant: &'static str,
    /// A status for each who asks, in the order of [`Who::ALL`].
    pub(crate) cells: Vec<u16>,
}

/// Every line, in order.
pub(crate) fn rows() -> Vec<Row> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            let (route, variant) = words.next().zip(words.next()).expect("a route and a variant");
            let cells: Vec<u16> = words.map(|word| word.parse().expect("a status")).collect();
            let wanted = if route.starts_with("guest.") { Who::ALL.len() } else { Who::EVERYWHERE };
            assert_eq!(cells.len(), wanted, "cells of {line}");
            Row { route, variant, cells }
        })
        .collect()
}
