//! The kinds of problem, in one table.

use axum::http::StatusCode;

/// One row a kind: status, slug and title, then when it comes, and what the caller does then.
macro_rules! kinds {
    ($($name:ident $status:literal $slug:literal $title:literal $when:literal $then:literal;)*) => {
        /// A kind of problem, stable over time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $when] $name,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// HTTP status, end of the type URI, title.
            #[must_use]
            pub const fn row(self) -> (u16, &'static str, &'static str) {
                match self { $(Self::$name => ($status, $slug, $title),)* }
            }

            /// When it comes, and what to do then, each in a sentence or two for the caller.
            #[must_use]
            pub const fn advice(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($when, $then),)* }
            }
        }
    };
}

kinds! {
    BadInput 400 "bad-input" "The request has a mistake"
        "A field of the body, a query parameter or a header is missing, unknown or not as described."
        "Read `errors`: each names the place and what would be right. Mend it and send again, under a new key.";
    SignIn 401 "sign-in" "Sign in first"
        "There is no session cookie, or its session has ended."
        "Sign in, then repeat the request.";
    WrongSignIn 401 "wrong-sign-in" "The address or the password is wrong"
        "The address is unknown or the password is wrong; which, is not said."
        "Type both again. After several misses a pause is asked for.";
    SecondFactorRequired 401 "second-factor-required" "A second proof is needed"
        "The address and the password are right, and the person has turned on a second factor."
        "Ask for the code of their authenticator app, or a recovery code, and send all three again.";
    ChooseTenant 403 "choose-tenant" "Choose a company first"
        "The person is signed in, but has chosen no company to act in."
        "Choose one of the seats that `GET /v1/me` lists.";
    Forbidden 403 "forbidden" "You may not do this"
        "The thing is visible to the caller, but the role or the seat does not allow the act."
        "Ask an administrator of the company; repeating does not help.";
    ProofRequired 403 "proof-required" "Prove again who you are"
        "The act wants a proof of at most five minutes ago that it is still the person who signed in."
        "Ask for their password, and their second factor if it is on; send them to `POST /v1/sessions/current/proof`, then repeat.";
    AccessEnded 403 "access-ended" "Access has ended here"
        "The browser was let into the portal once, and the contact was suspended, deleted or has nothing open any more."
        "Ask for a code; it comes only where something is open.";
    NdaRequired 403 "nda-required" "Accept the agreement first"
        "The document is open to the contact only under the agreement in force, which they have not accepted."
        "Show the agreement of `GET /v1/portal`, and accept its version.";
    CrossSite 403 "cross-site" "The request did not come from this site"
        "A request by cookie that may change something came from another site, or without the header `X-Vestibule: 1`."
        "Send the header, and call from the site's own pages or from no page at all.";
    LinkInactive 403 "link-inactive" "The link does not open now"
        "The guest link was deactivated, has run out, or whom it is for has no access at present; which, is not said."
        "Ask whoever sent it. It may open again later.";
    PlanLacks 403 "plan-lacks" "The plan does not hold this"
        "The company's plan does not hold guest links that open to anybody."
        "Make a link for one contact, or ask whoever runs the service for another plan.";
    LinkOver 403 "link-over" "The link is no longer valid"
        "The link has run out, was used up, or what it was for is done."
        "Ask for a new link, or take the code.";
    CodeWrong 403 "code-wrong" "The code is wrong or no longer valid"
        "The code is wrong, late, used or of another browser; which, is not said."
        "Type it again or ask for a new one, in the same browser.";
    NotFound 404 "not-found" "There is no such thing"
        "The path or the thing does not exist, or the caller may not see it; which, is not said."
        "Check the path and the id, and that the right company is chosen.";
    NoSuchMethod 405 "method-not-allowed" "The path does not take this method"
        "The path exists, but takes other methods."
        "Use one of the methods that this page names for the path.";
    CodeRequired 409 "code-required" "The link was used in another browser"
        "The link was opened in another browser before, or the act wants a browser that proved its address."
        "Ask for a code and type it here.";
    EmailTaken 409 "email-taken" "The address belongs to another contact"
        "Another contact of the company has this address."
        "Find that contact and use it, or give another address.";
    DomainTaken 409 "domain-taken" "The domain belongs to another account"
        "Another account of the company lists this domain; `errors` names which one."
        "Remove it there first, or leave it out.";
    SlugTaken 409 "slug-taken" "The slug is taken"
        "Another company has this place in addresses."
        "Choose another slug.";
    WrongState 409 "wrong-state" "The present state does not allow this"
        "What is asked for does not fit the state of the thing, such as deciding a request that has ended."
        "Read the thing again and act on what it is now.";
    Busy 409 "busy" "Others are changing the same thing"
        "Others kept changing the same things while the request was tried several times. Nothing was changed."
        "Send it again after the seconds in `Retry-After`, under the same key.";
    QuotaFull 409 "quota-full" "The storage is full"
        "The file does not fit what is left of the company's storage."
        "Delete files, or ask for more storage.";
    UploadDiffers 409 "upload-differs" "The upload is not what was announced"
        "The bytes are missing, or are not of the announced length, digest or type. They were thrown away."
        "Announce the file anew and upload it again.";
    PageNotReady 409 "page-not-ready" "The page cannot be shown now"
        "The pages of the file are being drawn, or the file cannot be shown as pages at all; `detail` says which."
        "Ask again after the seconds in `Retry-After`; without that header it never can be shown.";
    Stale 412 "stale" "Somebody saved first"
        "`If-Match` names a version that is not the present one: somebody saved in between."
        "Read the thing again, make the change on what it says now, and save under its version.";
    TooLarge 413 "too-large" "The body is too long"
        "The body is longer than 262,144 bytes."
        "Send less. Files do not go through the API: they are uploaded straight to the bucket.";
    NotJson 415 "not-json" "Send application/json"
        "The body came with another content type, or with none."
        "Send `Content-Type: application/json`.";
    NotPicture 415 "not-a-picture" "Send a PNG, JPEG or WebP picture"
        "The body came with another content type than a picture's, or is no picture of that kind."
        "Send the bytes of the picture with `Content-Type: image/png`, `image/jpeg` or `image/webp`.";
    KeyReused 422 "idempotency-key-reused" "The key belongs to another request"
        "The `Idempotency-Key` was used for another request within the last 24 hours."
        "Take a new key for each act; the same one only to repeat the very same request.";
    IfMatchMissing 428 "if-match-missing" "Send If-Match"
        "The act changes a thing that others may change too, and does not say which version it saw."
        "Send `If-Match` with the `ETag` of what was read.";
    TooMany 429 "too-many-requests" "Too many requests"
        "The address, the network or the link was used too often within a short time."
        "Wait the seconds in `Retry-After`.";
    Internal 500 "internal" "Something failed on our side"
        "A fault of ours; it was logged under the id in `instance`."
        "Repeat it under the same key. If it stays, quote `instance` to whoever runs the service.";
    Unavailable 503 "unavailable" "Try again in a moment"
        "A part that the service depends on is busy or away. Everything was done, or nothing."
        "Repeat it under the same `Idempotency-Key` after the seconds in `Retry-After`: it is done once.";
}

impl Kind {
    /// HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
