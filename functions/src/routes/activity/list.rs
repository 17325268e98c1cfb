//! `GET /v1/activity`: the trail of one thing, or what one person did, newest line first.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Mistake, Problem};
use app::serving::route::{Route, endpoint};
use app::trail::{Sought, Verb};
use domain::activity::Object;
use domain::id::ActivityId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use store::activities::Line;

use crate::views::activity::{ActivityView, name_actors};
use crate::views::paging;

pub const ROUTE: Route = Route::get("activity.list", "/v1/activity")
    .says("Lists the trail of one thing, or what one person did, newest line first.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::NotFound])
    .served_by(|| endpoint(list_activity));

/// `object` or `actor`, or both.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What it was done to: the company, a member, an account, a contact, a document or a request,
    /// deleted ones included. The company's own trail tells of its settings, members and
    /// agreements.
    #[schemars(example = &"doc_01J9ZC4D3V8M2K7Q5R6T9W0X1Y")]
    object: Option<Object>,
    /// Who did it: a member or a contact.
    actor: Option<Object>,
    /// Only such deeds: one by its name, or an area such as `contacts.*`.
    verb: Option<Verb>,
    /// Only what happened at this instant or later.
    from: Option<Timestamp>,
    /// Only what happened before this instant.
    to: Option<Timestamp>,
    /// Items of a page, 1 to 100; 50 unless given. A page may be shorter and yet have a `next`.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_activity(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<ActivityView>, Problem> {
    let limit = paging::limit(input.limit)?;
    let behind: Option<ActivityId> = paging::parsed(input.cursor.as_deref())?;
    let Input { object, actor, verb, from, to, .. } = input;
    if !matches!(actor, None | Some(Object::Member(_) | Object::Contact(_))) {
        return Err(Problem::bad_input("actor", "expected the id of a member or a contact"));
    }
    let trail = match (object, actor) {
        (Some(object), _) => cx.trail(object).await?,
        (None, Some(actor)) => cx.deeds(actor).await?,
        (None, None) => return Err(neither()),
    };
    // What a member did is all of it theirs; a contact's own trail tells of others too.
    let is_theirs = object.is_none() && matches!(actor, Some(Object::Member(_)));
    let actor = actor.filter(|_| !is_theirs);
    let sought = Sought { actor, verb, from, to };
    let (lines, next) = cx.lines(&trail, &sought, behind, limit).await?;
    let subjects = cx.subjects(&trail, &lines).await?;
    let view = |line: Line| {
        let whose = subjects.iter().find(|subject| line.contact == Some(subject.id));
        ActivityView::new(&cx.house, whose.or(trail.subject.as_ref()), line.activity)
    };
    let mut items: Vec<ActivityView> = lines.into_iter().map(view).collect();
    name_actors(&cx.store(), &mut items).await?;
    Ok(Page { items, next: next.map(|last| paging::cursor(&last.to_string())) })
}

fn neither() -> Problem {
    let detail = "name what it was done to, who did it, or both";
    let mistake =
        |pointer: &str| Mistake { pointer: pointer.to_owned(), detail: detail.to_owned() };
    Problem {
        errors: vec![mistake("object"), mistake("actor")],
        ..Problem::new(Kind::BadInput, format!("`object` or `actor`: {detail}."))
    }
}
