//! The table row, and what a handler's signature says about it.
//!
//! A row names the route, its path and what it needs of AWS; the handler's arguments and answer
//! are its contract. From both derive the server, the Lambda functions and their permissions, the
//! API description and the rows of the permission table.

use axum::Extension;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use serde::Serialize;

use crate::exchange::cx::{Named, Previews};
use crate::exchange::problem::Kind;
use crate::serving::openapi::{Described, Operation, Spec};

/// One row of the table.
#[derive(Debug)]
pub struct Route {
    /// `area.verb`.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path, with parameters in braces.
    pub path: &'static str,
    /// What it does, in a sentence or two for whoever calls it.
    pub summary: &'static str,
    /// What it needs of AWS.
    pub needs: Needs,
    /// Problems beyond those its arguments bring along.
    pub problems: &'static [Kind],
    /// Whether it can tell what it would do.
    pub previews: Previews,
    /// What its body may be.
    pub takes: Takes,
    endpoint: fn() -> Endpoint,
}

/// HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Changes nothing.
    Get,
    /// Makes or does something.
    Post,
    /// Replaces something.
    Put,
    /// Changes part of something.
    Patch,
    /// Ends something.
    Delete,
}

impl Method {
    /// The method as it stands in a request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What the body of a route may be, and so what the reception lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// JSON, or nothing.
    Json,
    /// A picture.
    Picture,
}

/// What a route needs of AWS, and so what its role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own")]
pub struct Needs {
    /// Reads items.
    pub table_read: bool,
    /// Writes items.
    pub table_write: bool,
    /// Signs uploads and looks at what was uploaded.
    pub files_write: bool,
    /// Signs downloads.
    pub files_read: bool,
}

impl Needs {
    /// Nothing at all.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { table_read: false, table_write: false, files_write: false, files_read: false }
    }

    /// Reads items. A session that is in use is noted, so that signed-in readers write too.
    #[must_use]
    pub const fn table_read() -> Self {
        Self { table_read: true, ..Self::nothing() }
    }

    /// Reads and writes items.
    #[must_use]
    pub const fn table_write() -> Self {
        Self { table_write: true, ..Self::table_read() }
    }

    /// Also signs downloads.
    #[must_use]
    pub const fn files_read(self) -> Self {
        Self { files_read: true, ..self }
    }

    /// Also handles uploads.
    #[must_use]
    pub const fn files_write(self) -> Self {
        Self { files_write: true, ..self }
    }
}

/// A row that nothing serves yet, so it is no [`Route`].
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    name: &'static str,
    method: Method,
    path: &'static str,
    summary: &'static str,
    needs: Needs,
    problems: &'static [Kind],
    previews: Previews,
    takes: Takes,
}

impl Draft {
    /// What it does, in a sentence or two for whoever calls it.
    #[must_use]
    pub const fn says(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// What it needs of AWS, if not what its method suggests.
    #[must_use]
    pub const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    /// Problems of its own.
    #[must_use]
    pub const fn problems(self, problems: &'static [Kind]) -> Self {
        Self { problems, ..self }
    }

    /// It opens, closes or mails, and tells before what it would do.
    #[must_use]
    pub const fn previewed(self) -> Self {
        Self { previews: Previews::Yes, ..self }
    }

    /// A picture is its body.
    #[must_use]
    pub const fn takes_picture(self) -> Self {
        Self { takes: Takes::Picture, ..self }
    }

    /// What serves it.
    #[must_use]
    pub const fn served_by(self, endpoint: fn() -> Endpoint) -> Route {
        let Self { name, method, path, summary, needs, problems, previews, takes } = self;
        Route { name, method, path, summary, needs, problems, previews, takes, endpoint }
    }
}

impl Route {
    const fn draft(name: &'static str, method: Method, path: &'static str, needs: Needs) -> Draft {
        let (previews, takes) = (Previews::No, Takes::Json);
        Draft { name, method, path, summary: "", needs, problems: &[], previews, takes }
    }

    /// A route that changes nothing.
    #[must_use]
    pub const fn get(name: &'static str, path: &'static str) -> Draft {
        Self::draft(name, Method::Get, path, Needs::table_read())
    }

    /// A route that makes or does something.
    #[must_use]
    pub const fn post(name: &'static str, path: &'static str) -> Draft {
        Self::draft(name, Method::Post, path, Needs::table_write())
    }

    /// A route that replaces something.
    #[must_use]
    pub const fn put(name: &'static str, path: &'static str) -> Draft {
        Self::draft(name, Method::Put, path, Needs::table_write())
    }

    /// A route that changes part of something.
    #[must_use]
    pub const fn patch(name: &'static str, path: &'static str) -> Draft {
        Self::draft(name, Method::Patch, path, Needs::table_write())
    }

    /// A route that ends something.
    #[must_use]
    pub const fn delete(name: &'static str, path: &'static str) -> Draft {
        Self::draft(name, Method::Delete, path, Needs::table_write())
    }

    /// Serves the route.
    pub fn mount(&self) -> MethodRouter {
        let filter = match self.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        };
        ((self.endpoint)().mount)(filter)
            .layer(Extension(Named { name: self.name, previews: self.previews }))
    }

    /// Describes the route.
    #[must_use]
    pub fn describe(&self, spec: &mut Spec) -> Operation {
        let mut operation = Operation::at(self.path);
        operation.summary = self.summary;
        ((self.endpoint)().describe)(spec, &mut operation);
        self.problems.iter().for_each(|kind| operation.problem(*kind));
        if self.previews == Previews::Yes {
            operation.previews(spec);
        }
        operation
    }
}

/// A handler with its types erased: how to serve it, how to describe it.
pub struct Endpoint {
    mount: Box<dyn FnOnce(MethodFilter) -> MethodRouter>,
    describe: fn(&mut Spec, &mut Operation),
}

/// Erases `handler`; its arguments and answer are its contract.
pub fn endpoint<H, Arguments, Extracted>(handler: H) -> Endpoint
where
    H: Handler<Extracted, ()> + Described<Arguments>,
    Extracted: 'static,
{
    Endpoint { mount: Box::new(|filter| on(filter, handler)), describe: H::describe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::answer::Done;

    fn nothing() -> Endpoint {
        Endpoint { mount: Box::new(|filter| on(filter, async || Done)), describe: |_, _| {} }
    }

    #[test]
    fn a_method_is_written_as_in_a_request_line_and_says_what_is_needed_of_the_table() {
        for (draft, method, needs) in [
            (Route::get("a.b", "/a"), "GET", Needs::table_read()),
            (Route::post("a.b", "/a"), "POST", Needs::table_write()),
            (Route::put("a.b", "/a"), "PUT", Needs::table_write()),
            (Route::patch("a.b", "/a"), "PATCH", Needs::table_write()),
            (Route::delete("a.b", "/a"), "DELETE", Needs::table_write()),
        ] {
            let route = draft.served_by(nothing);
            assert_eq!((route.method.as_str(), route.needs), (method, needs));
            assert_eq!((route.name, route.path, route.summary), ("a.b", "/a", ""));
            assert_eq!((route.previews, route.takes), (Previews::No, Takes::Json));
            assert!(route.problems.is_empty());
        }
    }

    #[test]
    fn needs_add_up_and_writing_reads_too() {
        let needs = |of: Needs| [of.table_read, of.table_write, of.files_read, of.files_write];
        assert_eq!(needs(Needs::nothing()), [false; 4]);
        assert_eq!(needs(Needs::table_read()), [true, false, false, false]);
        assert_eq!(needs(Needs::table_write()), [true, true, false, false]);
        assert_eq!(needs(Needs::table_read().files_read()), [true, false, true, false]);
        assert_eq!(needs(Needs::nothing().files_write()), [false, false, false, true]);
    }

    #[test]
    fn a_row_says_what_was_said_of_it() {
        let route = Route::post("a.b", "/a")
            .says("It does.")
            .needs(Needs::nothing())
            .problems(&[Kind::Stale])
            .previewed()
            .takes_picture()
            .served_by(nothing);
        assert_eq!((route.summary, route.needs), ("It does.", Needs::nothing()));
        assert_eq!(route.problems, [Kind::Stale]);
        assert_eq!((route.previews, route.takes), (Previews::Yes, Takes::Picture));
        assert_eq!((route.name, route.path, route.method), ("a.b", "/a", Method::Post));
    }
}
