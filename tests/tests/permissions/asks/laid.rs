//! What lies there before it is asked for.

use domain::document::Document;
use domain::member::Member;
use domain::nda::NdaVersion;
use domain::tenant::{NdaInForce, Tenant};
use tests::seed::sha256;

use crate::permissions::stage::{MARK, Stage};

/// A document with a page, and the token that shows it.
pub(super) async fn laid_page(stage: &Stage<'_>, uploader: &Member) -> (Document, String) {
    let document = stage.document(uploader).await;
    let document = stage.world.lay_page(&stage.company, &document).await;
    let token = stage.world.page_token(&stage.company, &document, "nobody@example.com");
    (document, token)
}

/// An agreement in force.
pub(super) async fn publish_nda(stage: &Stage<'_>) {
    let store = stage.world.store_of(&stage.company);
    let tenant = store.own_tenant().await.expect("the table answers").expect("a company");
    if tenant.nda.is_some() {
        return;
    }
    let nda = NdaVersion {
        id: stage.world.house.dice.id(stage.world.now()),
        version: 1,
        title: format!("{MARK} agreement").parse().expect("a title"),
        text: "Tell nobody.".parse().expect("a text"),
        sha256: sha256(b"Tell nobody.").try_into().expect("a digest"),
        created_at: stage.world.now(),
    };
    let in_force = Some(NdaInForce { id: nda.id, version: 1 });
    let tenant = Tenant { version: tenant.version + 1, nda: in_force, ..tenant };
    let mut change = store.change(stage.world.house.dice.token());
    change.add_nda(&nda).expect("an agreement item");
    change.save_tenant(&tenant).expect("a tenant item");
    change.commit().await.expect("the agreement is published");
}
