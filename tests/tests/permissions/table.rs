//! Reading the table.

/// The table itself.
const TABLE: &str = include_str!("../../permissions.table");

/// Who asks, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Administrator,
    AccountManager,
    Representative,
    Member,
    Contact,
    Cut,
    Foreign,
    Nobody,
}

impl Who {
    pub(crate) const ALL: [Self; 8] = [
        Self::Administrator,
        Self::AccountManager,
        Self::Representative,
        Self::Member,
        Self::Contact,
        Self::Cut,
        Self::Foreign,
        Self::Nobody,
    ];
}

/// One line.
pub(crate) struct Row {
    pub(crate) route: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) cells: [u16; Who::ALL.len()],
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
            let cells = cells.try_into().unwrap_or_else(|_| panic!("not eight cells: {line}"));
            Row { route, variant, cells }
        })
        .collect()
}
