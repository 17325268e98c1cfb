//! The static pages of `web/pages` and this crate, held in the binary, with the headers pages have.

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

/// Scripts, styles, pictures and requests of this origin only, where the bucket is too, and the
/// mailbox's frame; nothing else, from nowhere.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// A file under `/assets/`.
struct Asset {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! page_asset {
    ($name:literal) => {
        Asset { name: $name, bytes: include_bytes!(concat!("../../web/pages/", $name)) }
    };
}

/// Every file that a page asks for. A missing one does not compile; a forgotten one fails a test.
const ASSETS: &[Asset] = &[
    page_asset!("answer.js"),
    page_asset!("api.js"),
    page_asset!("brand.js"),
    page_asset!("categories.js"),
    page_asset!("code_form.js"),
    page_asset!("code_input.js"),
    page_asset!("confirm_dialog.js"),
    page_asset!("counting.js"),
    page_asset!("device_nonce.js"),
    page_asset!("dom.js"),
    page_asset!("download.js"),
    page_asset!("extend.js"),
    page_asset!("file_facts.js"),
    page_asset!("form.js"),
    page_asset!("form_problems.js"),
    page_asset!("frames.js"),
    page_asset!("guest.js"),
    page_asset!("guest_api.js"),
    page_asset!("guest_code.js"),
    page_asset!("guest_door.js"),
    page_asset!("guest_ends.js"),
    page_asset!("guest_file.js"),
    page_asset!("guest_files.js"),
    page_asset!("guest_nda.js"),
    page_asset!("guest_not_me.js"),
    page_asset!("guest_panel.js"),
    page_asset!("guest_part.js"),
    page_asset!("guest_reading.js"),
    page_asset!("guest_say.js"),
    page_asset!("guest_sheet.js"),
    page_asset!("guest_signed.js"),
    page_asset!("guest_signing.js"),
    page_asset!("guest_thread.js"),
    page_asset!("guest_words.js"),
    page_asset!("icon.svg"),
    page_asset!("invitation.js"),
    page_asset!("kept_code.js"),
    page_asset!("page_address.js"),
    page_asset!("papers.js"),
    page_asset!("password_reset.js"),
    page_asset!("portal.js"),
    page_asset!("portal_code.js"),
    page_asset!("portal_door.js"),
    page_asset!("portal_nda.js"),
    page_asset!("portal_reader.js"),
    page_asset!("portal_requests.js"),
    page_asset!("portal_room.js"),
    page_asset!("press.js"),
    page_asset!("problem_words.js"),
    page_asset!("reveal.js"),
    page_asset!("row_problem.js"),
    page_asset!("second_factor.js"),
    page_asset!("signing_words.js"),
    page_asset!("storage.js"),
    page_asset!("text_length.js"),
    page_asset!("time.js"),
    page_asset!("trust.js"),
    page_asset!("trust_request.js"),
    page_asset!("vestibule.css"),
    Asset { name: "docs.css", bytes: include_bytes!("docs/docs.css") },
    Asset { name: "docs.js", bytes: include_bytes!("docs/docs.js") },
    Asset { name: "mailbox.css", bytes: include_bytes!("mailbox/mailbox.css") },
    Asset { name: "mailbox.js", bytes: include_bytes!("mailbox/mailbox.js") },
];

/// `/`, the trust page, the portal, the guest page, the pages that mails lead to, and `/assets/`. `trust_slug` names the trust center
/// that `/` leads to, if there is one yet.
pub fn router(trust_slug: Option<&str>) -> Router {
    let home = include_str!("pages/home.html").replace("{trust}", &trust_link(trust_slug));
    let pages = Router::new()
        .route("/", get(async move || html(home.clone())))
        .route("/t/{slug}", get(async || html(include_str!("../../web/pages/trust.html"))))
        .route("/t/{slug}/answer", get(async || html(include_str!("../../web/pages/answer.html"))))
        .route("/extend", get(async || html(include_str!("../../web/pages/extend.html"))))
        .route("/p/{slug}", get(async || html(include_str!("../../web/pages/portal.html"))))
        .route("/g/{link_id}", get(async || html(include_str!("../../web/pages/guest.html"))))
        .route(
            "/g/{link_id}/confirm",
            get(async || html(include_str!("../../web/pages/guest.html"))),
        )
        .route(
            "/g/{link_id}/not-me",
            get(async || html(include_str!("../../web/pages/guest_not_me.html"))),
        )
        .route("/invitation", get(async || html(include_str!("../../web/pages/invitation.html"))))
        .route(
            "/password-reset",
            get(async || html(include_str!("../../web/pages/password_reset.html"))),
        );
    ASSETS.iter().fold(pages, |router, asset| {
        let tag = entity_tag(asset.bytes);
        let serve = async move |headers: HeaderMap| serve_asset(asset, &tag.clone(), &headers);
        router.route(&format!("/assets/{}", asset.name), get(serve))
    })
}

/// A page with the headers every page has.
pub fn html(page: impl Into<String>) -> Response {
    protect(Html(page.into()).into_response())
}

/// Adds the headers every page has: nothing from elsewhere, in no frame, leaving no trace.
#[must_use]
pub fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn serve_asset(asset: &'static Asset, tag: &HeaderValue, headers: &HeaderMap) -> Response {
    let mut response = if headers.get(IF_NONE_MATCH) == Some(tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, media_type(asset.name))], asset.bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Names stay while contents change, so a browser asks each time and is mostly answered 304.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(ETAG, tag.clone());
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn entity_tag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let first = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    // Digits and quotes are always a header value.
    HeaderValue::from_str(&format!("\"{first:016x}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

fn trust_link(slug: Option<&str>) -> String {
    // Slugs are letters, digits and dashes; anything else would be markup.
    let harmless = |slug: &&str| slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    slug.filter(harmless).map_or_else(String::new, |slug| {
        format!(
            "<li class=\"row\"><span class=\"grow two\"><a class=\"a\" href=\"/t/{slug}\">Trust page</a>\
             <small>What visitors see: documents, and the form to ask for them.</small></span></li>"
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_script_style_and_picture_of_the_pages_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/pages");
        let names = std::fs::read_dir(folder).unwrap();
        let present: BTreeSet<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| media_type(name) != "application/octet-stream")
            .collect();
        let mut served: BTreeSet<String> =
            ASSETS.iter().map(|asset| asset.name.to_owned()).collect();
        served.retain(|name| !name.starts_with("mailbox.") && !name.starts_with("docs."));
        assert_eq!(present, served);
    }

    #[test]
    fn a_slug_that_is_markup_is_not_linked() {
        assert!(trust_link(Some("acme-2")).contains("href=\"/t/acme-2\""));
        assert_eq!(trust_link(Some("\"><script>")), "");
    }
}
