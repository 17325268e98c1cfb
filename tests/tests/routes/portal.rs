//! `/v1/portal`.

mod codes;
mod guesses;
mod links;
mod nda;
mod pages;
mod room;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use serde_json::{Value, json};
use tests::client::{Client, Reply};
use tests::world::{World, code_in, token_in};

const EMAIL: &str = "ada@example.com";

/// Ada, approved as her account is, with one restricted document.
async fn ada(world: &World) -> (Contact, Document) {
    let account = world.account(&world.acme, "example.com", ReviewStatus::Approved).await;
    let status = ReviewStatus::Approved;
    let contact = world.contact_of(&world.acme, EMAIL, status, Some(&account)).await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    world.grant(&world.acme, contact.id, document.id).await;
    (contact, document)
}

/// The token of the magic link that staff have just sent to `contact`.
async fn mailed_link(world: &World, contact: &Contact) -> String {
    let path = format!("/v1/contacts/{}/magic-link", contact.id);
    world.admin().await.post(path, json!({})).await.expect(202);
    world.tick().await;
    token_in(&world.last_mail(contact.email.as_ref().unwrap().as_str()), "/p/acme")
}

/// 32 bytes as browsers choose them.
fn nonce(byte: u8) -> String {
    URL_SAFE_NO_PAD.encode([byte; 32])
}

fn opening(token: &str, byte: u8) -> Value {
    json!({ "token": token, "device_nonce": nonce(byte) })
}

async fn open(browser: &Client, token: &str, byte: u8) -> Reply {
    browser.post("/v1/portal/open", opening(token, byte)).await
}

async fn ask(browser: &Client, email: &str) -> Reply {
    browser.post("/v1/portal/code", json!({ "slug": "acme", "email": email })).await
}

async fn type_code(browser: &Client, code: &str) -> Reply {
    browser.post("/v1/portal/verify", json!({ "code": code })).await
}

/// A browser that Ada's link let in.
async fn by_link(world: &World, contact: &Contact) -> Client {
    let (browser, token) = (world.visitor(), mailed_link(world, contact).await);
    open(&browser, &token, 1).await.expect(200);
    browser
}

/// The code that Ada was mailed last.
async fn mailed_code(world: &World) -> String {
    world.tick().await;
    code_in(&world.last_mail(EMAIL))
}

/// A browser that Ada's code let in.
async fn by_code(world: &World) -> Client {
    let browser = world.visitor();
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(world).await;
    type_code(&browser, &code).await.expect(200);
    browser
}

/// Another code than `code`.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}
