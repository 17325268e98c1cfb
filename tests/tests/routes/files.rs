//! `/v1/documents/{document_id}/files` and `/v1/files`.

mod bad_input;
mod downloads;
mod pages;
mod uploads;

use domain::document::{File, FileState};
use domain::tenant::Tenant;
use store::activities::Home;
use tests::world::World;

/// The files of a document as the table holds them, deleted ones included, newest first.
async fn files_of(world: &World, document: &str) -> Vec<File> {
    world.store_of(&world.acme).files(document.parse().unwrap()).await.unwrap()
}

/// The trail of a document and its files, oldest first, as verb, prefix of the object and number.
async fn trail(world: &World, document: &str) -> Vec<String> {
    let store = world.store_of(&world.acme);
    let home = Home::Document(document.parse().unwrap());
    let mut lines = store.activities_at(home, None, 100).await.unwrap();
    lines.reverse();
    let told = |object: String| object.split('_').next().unwrap_or_default().to_owned();
    lines
        .into_iter()
        .map(|line| format!("{} {} {}", line.verb, told(line.object.to_string()), line.seq))
        .collect()
}

/// Leaves acme no more room than `quota_bytes` in all.
async fn shrink_quota(world: &World, quota_bytes: u64) {
    let store = world.store_of(&world.acme);
    let tenant = store.own_tenant().await.unwrap().unwrap();
    let tenant = Tenant { version: tenant.version + 1, quota_bytes, ..tenant };
    let mut change = store.change(world.house.dice.token());
    change.save_tenant(&tenant).unwrap();
    change.commit().await.unwrap();
}

/// Whether the bucket holds anything of `file`, in quarantine or where it is read from.
pub(crate) async fn lies_in_bucket(world: &World, file: &File) -> (bool, bool) {
    let bucket = &world.house.files;
    let quarantined = bucket.quarantined(world.acme.id(), file).await.unwrap().is_some();
    let address = bucket.download(world.acme.id(), file, files::wall_clock()).await.unwrap();
    let kept = world.http.get(address.url).send().await.unwrap().status().is_success();
    (quarantined, kept)
}

fn only(files: Vec<File>) -> File {
    let [file] = <[File; 1]>::try_from(files).expect("one file");
    assert!(file.state != FileState::Deleted || file.version > 1);
    file
}
