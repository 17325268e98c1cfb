//! `GET /v1/portal`: what is open to a contact now.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::portal::Portal;
use app::serving::route::{Needs, Route, endpoint};

use crate::views::portal::{PortalDocumentView, PortalNdaView, PortalTenantView, PortalView};

pub const ROUTE: Route = Route::get("portal.read", "/v1/portal")
    .says("Reads what is open to the contact now.")
    .needs(Needs::table_read().files_read())
    .served_by(|| endpoint(read_portal));

async fn read_portal(cx: Cx<Portal>) -> Result<Found<PortalView>, Problem> {
    let (folder, nda) = tokio::try_join!(cx.own_folder(), cx.agreement())?;
    let documents = cx.shared_with_me(&folder).await?;
    let tenant = &cx.who.tenant;
    let logo = cx.house.show(tenant.id, tenant.logo.as_ref()).await?;
    Ok(Found::new(PortalView {
        tenant: PortalTenantView::new(tenant, logo),
        contact: (&cx.who.contact).into(),
        nda: nda.map(|nda| PortalNdaView::new(nda, &cx.who.contact, &folder.acceptances)),
        documents: documents.into_iter().map(PortalDocumentView::from).collect(),
    }))
}
