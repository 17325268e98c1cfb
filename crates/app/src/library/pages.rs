//! Pages of files: who sees them as they were drawn, who under a mark, and from where.
//!
//! Whoever may download a file may have its pages from the bucket. Everybody else gets each page
//! from us, under a mark that names them and the minute: neither the file nor an unmarked page ever
//! has an address for them. That somebody looks is recorded before an address is made.

use std::fmt;
use std::str::FromStr;

use domain::document::{Document, File, FileState};
use domain::pages::{Pages, Width};
use domain::picture::Format;
use files::mark::marked;
use files::pages::PageOf;
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use store::Store;
use store::tasks::{Task, Work};
use tokio::sync::Semaphore;

use crate::callers::anyone::Anyone;
use crate::callers::staff::Filed;
use crate::exchange::answer::{Done, Found, Painted};
use crate::exchange::cx::{Allowed, Cx, Principal};
use crate::exchange::problem::{Kind, Problem};
use crate::exchange::repeat::AddressView;
use crate::house::House;
use crate::house::token::page::PageToken;
use crate::library::viewing::Viewer;

/// Longest name in a mark, in characters.
const WHO_CHARS_MAX: usize = 96;
/// Pages marked at once in one process; each takes 40 MB and a tenth of a second.
const MARKINGS_MAX: usize = 2;
/// Those who may mark now.
static MARKING: Semaphore = Semaphore::const_new(MARKINGS_MAX);

/// In what form somebody gets pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they were drawn, straight from the bucket: for whoever may download the file too.
    Clean,
    /// Under a mark.
    Marked(Who),
}

/// Whom a mark names, such as an address, or a link and the network it was opened from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who(String);

/// Which page is wanted, and how wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which.
    pub number: PageNumber,
    /// How wide.
    pub width: Width,
}

/// The place of a page in its file, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumber(u32);

/// Query parameters of a page.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// How wide the picture is, in pixels; 1600 unless told. What is narrower by nature stays so.
    #[serde(default)]
    width: PageWidth,
}

/// A width that pages are drawn in.
#[derive(Clone, Copy, Debug)]
struct PageWidth(Width);

/// The text is no page number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the number of a page, from 1")]
pub struct PageNumberError;

impl PageQuery {
    /// The width that is wanted.
    #[must_use]
    pub fn width(self) -> Width {
        self.width.0
    }
}

impl Who {
    /// Names somebody in a mark, which is printed in ASCII.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let printed = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
        Self(name.chars().map(printed).take(WHO_CHARS_MAX).collect())
    }
}

/// The task that draws the pages of a file that is being published, if it can have any.
#[must_use]
pub fn draw_task(house: &House, file: &File, now: Timestamp) -> Option<Task> {
    let is_due = file.state == FileState::Published && file.pages == Pages::Pending;
    let (work, mark) = (Work::Pages(file.id), house.dice.token());
    is_due.then_some(Task { work, place: None, passes: 0, due_at: now, mark })
}

impl<P: Principal> Cx<P> {
    /// Records that `viewer` looks at a page of a file that they may view, then makes the address
    /// that shows it for a minute.
    ///
    /// # Errors
    /// [`Kind::PageNotReady`] unless the pages are drawn, [`Kind::NotFound`] beyond the last one,
    /// [`Kind::Busy`] if the same viewer kept being counted, or the table's.
    pub async fn page_address(
        &self,
        store: &Store,
        viewer: Viewer,
        filed: &Allowed<Filed>,
        wanted: Wanted,
        form: Form,
    ) -> Result<Found<AddressView>, Problem> {
        let detail = page_view(&filed.file, wanted)?;
        self.record_view(store, viewer, filed, &detail, &Done).await?;
        self.shown_page(store, &filed.file, wanted, form).await
    }

    /// The address that shows a page for a minute, once it was recorded that somebody looks.
    pub(crate) async fn shown_page(
        &self,
        store: &Store,
        file: &File,
        wanted: Wanted,
        form: Form,
    ) -> Result<Found<AddressView>, Problem> {
        let Wanted { number: PageNumber(number), width } = wanted;
        let shown_at = files::wall_clock();
        let (tenant, page) = (store.tenant_id(), PageOf { file: file.object(), number, width });
        Ok(Found::new(match form {
            Form::Clean => self.house.files.show_page(tenant, page, shown_at).await?.into(),
            Form::Marked(Who(who)) => {
                self.house.marked_address(&PageToken { tenant, page, shown_at, who })
            }
        }))
    }
}

/// Refuses to open `document` for reading only, at `pointer` of a body, if what is in it can never
/// be shown as pages: whoever may not download it would see nothing.
///
/// # Errors
/// [`Kind::BadInput`].
pub fn require_pages(document: &Document, pointer: &str) -> Result<(), Problem> {
    match &document.published {
        Some(published) if published.pages == Pages::Impossible => {
            let detail = format!("`{}` cannot be shown as pages: add `download`", published.name);
            Err(Problem::bad_input(pointer, detail))
        }
        Some(_) | None => Ok(()),
    }
}

/// What the trail says of a look at a page that was drawn.
///
/// # Errors
/// [`Kind::PageNotReady`], [`Kind::NotFound`] beyond the last one.
pub(crate) fn page_view(file: &File, wanted: Wanted) -> Result<Value, Problem> {
    let Wanted { number: PageNumber(number), .. } = wanted;
    require_page(file, number)?;
    Ok(json!({ "file_id": file.id, "name": file.name, "page": number }))
}

/// Refuses unless page `number` of the file was drawn.
fn require_page(file: &File, number: u32) -> Result<(), Problem> {
    if file.state != FileState::Published {
        return Err(Problem::not_found());
    }
    match file.pages {
        Pages::Ready { count, .. } if number <= count => Ok(()),
        Pages::Ready { .. } => Err(Problem::not_found()),
        Pages::Pending => {
            let detail = "The pages are being drawn. Ask again in a moment.";
            Err(Problem::new(Kind::PageNotReady, detail).after(1))
        }
        Pages::Impossible => {
            let detail = "This file cannot be shown as pages, and never will be.";
            Err(Problem::new(Kind::PageNotReady, detail))
        }
    }
}

impl House {
    fn marked_address(&self, token: &PageToken) -> AddressView {
        let url = format!("{}/v1/pages/{}", self.base_url, token.sign(&self.keys));
        AddressView { url, expires_at: token.expires_at() }
    }
}

impl Cx<Anyone> {
    /// The page that `token` shows, under its mark. A forged one is as absent as one of another
    /// installation, and refused before anything is read.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::LinkOver`] once the minute is over, or the bucket's.
    pub async fn marked_page(&self, token: &str) -> Result<Painted, Problem> {
        let token = PageToken::verify(&self.house.keys, token).ok_or_else(Problem::not_found)?;
        // As addresses of the bucket do, this one lives by the wall clock.
        if token.expires_at() <= files::wall_clock() {
            let detail = "The address of the page worked for a minute. Ask for the page again.";
            return Err(Problem::new(Kind::LinkOver, detail));
        }
        let page = self.house.files.page(token.tenant, token.page).await?;
        let page = page.ok_or_else(Problem::not_found)?;
        let text = format!("{} - {}", token.who, token.shown_at.strftime("%-d %b %Y %H:%M UTC"));
        let place = MARKING.acquire().await.map_err(|_| failed())?;
        let marking = tokio::task::spawn_blocking(move || {
            let _place = place;
            marked(&page, &text)
        });
        let marked = marking.await.map_err(|_| failed())?;
        let bytes = marked.map_err(|error| {
            tracing::error!(request.id = self.visit.id, %error, "a page could not be marked");
            failed()
        })?;
        Ok(Painted { format: Format::Jpeg, bytes })
    }
}

fn failed() -> Problem {
    Problem::new(Kind::Internal, "The page could not be drawn. Try again.")
}

impl FromStr for PageNumber {
    type Err = PageNumberError;

    fn from_str(text: &str) -> Result<Self, PageNumberError> {
        let is_number = text.starts_with(|first: char| ('1'..='9').contains(&first));
        text.parse().ok().filter(|_| is_number).map(Self).ok_or(PageNumberError)
    }
}

impl<'de> Deserialize<'de> for PageNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for PageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for PageNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PageNumber".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1 })
    }
}

impl Default for PageWidth {
    fn default() -> Self {
        Self(Width::Wide)
    }
}

impl<'de> Deserialize<'de> for PageWidth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let width = text.parse().ok().and_then(Width::of_pixels);
        let known = Width::ALL.map(|width| format!("`{}`", width.pixels())).join(" or ");
        let error = || serde::de::Error::custom(format!("expected {known}"));
        width.map(Self).ok_or_else(error)
    }
}

impl JsonSchema for PageWidth {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PageWidth".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let widths = Width::ALL.map(Width::pixels);
        json_schema!({ "type": "integer", "enum": widths, "default": Width::Wide.pixels() })
    }
}

#[cfg(test)]
mod tests;
