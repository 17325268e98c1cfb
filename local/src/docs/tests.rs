//! The page is complete, its links lead somewhere, and its examples are what the schemas say.

mod valid;

use super::*;
use crate::docs::example::Examples;
use crate::docs::tests::valid::mistakes;

#[test]
fn every_operation_stands_on_the_page_once_with_all_it_promises() {
    let api = openapi();
    let page = page(&api);
    for operation in operations(&api) {
        let id = text(operation.told, "operationId");
        let summary = text(operation.told, "summary");
        assert!(!summary.is_empty(), "`{id}` has no summary: add `.says(\"…\")` to its route");
        assert_eq!(page.matches(&format!("<section class=\"op\" id=\"{id}\"")).count(), 1, "{id}");
        let section = operation.section();
        let title = format!("<code>{}</code></a></h3>", escaped(operation.path));
        for part in
            [title.as_str(), &prose(summary), "<b>Who:</b>", "curl -b jar", "<h4>Answers</h4>"]
        {
            assert!(section.contains(part), "`{id}` has no {part}");
        }
        assert_eq!(
            section.contains("<h4>Request body</h4>"),
            operation.told.get("requestBody").is_some()
        );
    }
}

#[test]
fn every_link_on_the_page_leads_somewhere_and_no_two_places_share_a_name() {
    let page = page(&openapi());
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert_eq!(page.matches(&format!(" id=\"{target}\"")).count(), 1, "#{target}");
    }
}

#[test]
fn every_kind_of_problem_is_explained_under_its_slug() {
    let page = page(&openapi());
    for kind in Kind::ALL {
        let ((status, slug, title), (when, then)) = (kind.row(), kind.advice());
        let start = page.find(&format!("id=\"{slug}\"")).unwrap_or_else(|| panic!("no #{slug}"));
        let section = page[start..].split("</section>").next().unwrap();
        let parts = [
            status.to_string(),
            escaped(title),
            prose(when),
            prose(then),
            format!("{TYPE_BASE}{slug}"),
        ];
        for part in parts {
            assert!(section.contains(&part), "#{slug} does not say `{part}`");
        }
    }
}

#[test]
fn every_example_is_what_its_schema_says() {
    let api = openapi();
    let examples = Examples(&api);
    for operation in operations(&api) {
        let id = text(operation.told, "operationId");
        let json = "content/application~1json/schema";
        if let Some(schema) = operation.told.pointer(&format!("/requestBody/{json}")) {
            let body =
                examples.body(operation.told).unwrap_or_else(|| panic!("`{id}` has no example"));
            let found = mistakes(&api, schema, &body);
            assert!(found.is_empty(), "the example request of `{id}`: {found:#?}\n{body:#}");
            // What is shown is what was checked: the shell's text is the same JSON.
            let curl = operation.curl(examples);
            let shown =
                curl.split_once("-d '").and_then(|(_, rest)| rest.strip_suffix('\'')).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&shown.replace("'\\''", "'")).unwrap(), body);
        }
        let (status, body) = examples.answer(operation.told).unwrap_or_else(|| panic!("`{id}`"));
        let schema = operation.told.pointer(&format!("/responses/{status}/{json}"));
        assert_eq!(schema.is_some(), body.is_some(), "`{id}`");
        let found = schema.zip(body.as_ref()).map(|(schema, body)| mistakes(&api, schema, body));
        assert_eq!(
            found.unwrap_or_default(),
            Vec::<String>::new(),
            "the answer of `{id}`: {body:#?}"
        );
    }
}

#[test]
fn the_examples_parameters_are_filled_in() {
    let api = openapi();
    for operation in operations(&api) {
        let target = Examples(&api).target(operation.path, operation.told);
        assert!(!target.contains(['{', '}']), "{target}");
        for parameter in list(operation.told.get("parameters")) {
            let value = Value::String(Examples(&api).parameter(parameter, operation.told));
            // Numbers, true and false stand in a query as text.
            let schema = &parameter["schema"];
            let read = value.as_str().and_then(|it| serde_json::from_str::<Value>(it).ok());
            let value = read.filter(|it| it.is_number() || it.is_boolean()).unwrap_or(value);
            assert_eq!(
                mistakes(&api, schema, &value),
                Vec::<String>::new(),
                "{target}: {parameter}"
            );
        }
    }
}
