//! What a first start shows: a made-up company, its people, its documents, and who asks for them.
//!
//! Laid out once per folder. Ids are rolled from a seed and the instant of the first try, so that
//! a try that was cut short is taken up again: what is there already loses its claim, and counts
//! as done.

mod library;
mod members;
mod notes;
mod outsiders;
pub mod papers;
mod place;
mod requests;
mod send;
mod words;

use std::path::Path;
use std::sync::Arc;

use app::exchange::problem::Problem;
use app::house::House;
use app::house::made_password;
use files::FilesError;
use store::StoreError;

use crate::demo::notes::Notes;
use crate::demo::place::Place;

/// The made-up company's place in addresses.
pub const SLUG: &str = "acme";
/// Who administers it.
pub const ADMINISTRATOR: &str = "admin@acme.example";

/// Why the demo could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The table failed.
    #[error("the table failed")]
    Store(#[from] StoreError),
    /// The bucket failed.
    #[error("the bucket failed")]
    Files(#[from] FilesError),
    /// A paper did not arrive.
    #[error("the paper `{title}` did not reach the bucket: {reason}")]
    Upload { title: &'static str, reason: String },
    /// The product refused something.
    #[error("{0}")]
    Refused(String),
    /// A word of the demo is none.
    #[error("`{text}` is no {kind}")]
    Word { text: String, kind: &'static str },
    /// What was done so far cannot be noted.
    #[error("cannot note in `{}` that the demo is laid out", path.display())]
    Note { path: std::path::PathBuf, source: std::io::Error },
}

impl From<Problem> for DemoError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem.detail)
    }
}

/// Lays the demo out, once per folder; answers the password if it was made up now. A password
/// that is given counts at every start.
pub(crate) async fn lay_out(
    house: &Arc<House>,
    folder: &Path,
    password: Option<String>,
) -> Result<Option<String>, DemoError> {
    let notes = Notes::open(folder, house.clock.now())?;
    if notes.done {
        if let Some(password) = &password {
            members::all(house, password).await?;
        }
        return Ok(None);
    }
    let made = password.is_none().then(|| made_password::make(&house.dice));
    let password = password.or_else(|| made.clone()).unwrap_or_default();
    let staff = members::all(house, &password).await?;
    let mut place = Place::new(house.clone(), staff, notes.began_at);
    let papers = library::lay_out(&mut place).await?;
    let people = outsiders::lay_out(&mut place).await?;
    requests::lay_out(&mut place, &papers, &people).await?;
    notes.finish()?;
    Ok(made)
}
