//! Uploads as a browser makes them: announced over the API, sent straight to the bucket.

use serde_json::{Value, json};

use crate::client::{Client, id_of};
use crate::faults::Fault;
use crate::seed::sha256;
use crate::world::World;

/// What announces `bytes`.
#[must_use]
pub fn claim(name: &str, media_type: &str, bytes: &[u8]) -> Value {
    json!({
        "name": name,
        "media_type": media_type,
        "size_bytes": bytes.len(),
        "sha256": sha256(bytes),
    })
}

/// Puts a document without a file into the library; answers its id.
pub async fn new_document(client: &Client, title: &str) -> String {
    let input = json!({ "title": title, "category": "Security", "access_level": "restricted" });
    id_of(&client.post("/v1/documents", input).await.expect(201))
}

/// Announces a PDF for a document; answers the file and how to upload it.
pub async fn announce(client: &Client, document: &str, bytes: &[u8]) -> Value {
    let claim = claim("report.pdf", "application/pdf", bytes);
    client.post(format!("/v1/documents/{document}/files"), claim).await.expect(201)
}

impl World {
    /// Announces a PDF for a document and uploads it, but does not complete it; answers the file's
    /// id.
    pub async fn upload(&self, client: &Client, document: &str, bytes: &[u8]) -> String {
        let new = announce(client, document, bytes).await;
        assert_eq!(self.put_upload(&new["upload"], bytes).await, 200);
        id_of(&new["file"])
    }

    /// Announces, uploads and completes a PDF; answers the file's id.
    pub async fn publish(&self, client: &Client, document: &str, bytes: &[u8]) -> String {
        let file = self.upload(client, document, bytes).await;
        let done = client.post(format!("/v1/files/{file}/complete"), json!({})).await.expect(200);
        assert_eq!(done["state"], "published");
        file
    }

    /// Deletes a file just before it is copied from quarantine, and cannot drop its bytes.
    pub async fn delete_before_copy(&self, client: &Client, file: &str) {
        let deletion = async {
            self.faults.arm(|call| (call.operation == "s3.DELETE").then_some(Fault::Unavailable));
            client.delete(format!("/v1/files/{file}")).await.expect(204);
            self.faults.disarm();
        };
        self.faults.before("s3.COPY", deletion).await;
    }

    /// Sends `bytes` as `upload` says; answers the bucket's status.
    pub async fn put_upload(&self, upload: &Value, bytes: &[u8]) -> u16 {
        let url = upload["url"].as_str().expect("an address");
        let method = upload["method"].as_str().and_then(|method| method.parse().ok());
        let mut request = self.http.request(method.expect("a method"), url).body(bytes.to_vec());
        for (name, value) in upload["headers"].as_object().expect("headers") {
            request = request.header(name, value.as_str().expect("a header is text"));
        }
        request.send().await.expect("the bucket answers").status().as_u16()
    }

    /// Opens an address without any proof.
    pub async fn open_url(&self, url: &Value) -> reqwest::Response {
        let url = url.as_str().expect("an address");
        self.http.get(url).send().await.expect("the bucket answers")
    }
}
