//! Pictures and logos: redrawn, stored under a key of their own, named by whose they are.
//!
//! An object lies in the bucket before the item names it, and after the item stopped. A task that
//! is written first sees to both: it looks whether the item names the object, and drops it if not.
//! So whatever dies in between, nothing is named that is not there, and nothing stays for good that
//! is not named.

use domain::id::{FileId, TenantId};
use domain::picture::{Holder, Picture};
use files::picture::{Drawn, Frame, PictureError, redraw};
use jiff::{SignedDuration, Timestamp};
use store::change::Change;
use store::tasks::{Task, Work};
use store::{Store, StoreError};
use tokio::sync::Semaphore;

use crate::callers::staff::Staff;
use crate::exchange::cx::Cx;
use crate::exchange::extract::Image;
use crate::exchange::problem::{Kind, Problem};
use crate::exchange::repeat::AddressView;
use crate::house::House;

/// What a contact's picture is fitted to.
pub const PORTRAIT: Frame = Frame::Square(512);
/// What a company's logo is fitted to.
pub const LOGO: Frame = Frame::Within(640, 320);
/// How long a stored picture may stay without anything that names it: no request lives so long.
const UNUSED_MAX: SignedDuration = SignedDuration::from_hours(1);
/// Pictures unpacked at once in one process; each may take 200 MB.
const DRAWINGS_MAX: usize = 1;
/// Those who may draw now.
static DRAWING: Semaphore = Semaphore::const_new(DRAWINGS_MAX);

/// A picture that lies in the bucket and is not named yet.
#[derive(Debug)]
pub struct Stored {
    /// The picture.
    pub picture: Picture,
    /// What drops it unless it comes to be named.
    task: Task,
}

impl Cx<Staff> {
    /// Redraws what was sent and stores it; [`Cx::replace_picture`] must follow.
    ///
    /// # Errors
    /// [`Kind::BadInput`] that says what is wrong with the picture, or the table's or bucket's.
    pub async fn store_picture(
        &self,
        holder: Holder,
        sent: Image,
        frame: Frame,
    ) -> Result<Stored, Problem> {
        let Drawn { format, bytes } = drawn(sent, frame).await?;
        let picture = Picture { id: self.new_id(), format };
        let store = self.store();
        let task = self.drop_task(holder, picture.id, self.now + UNUSED_MAX);
        let mut change = self.change(&store);
        change.start_task(&task)?;
        change.commit().await?;
        self.house.files.put_picture(store.tenant_id(), &picture, bytes).await?;
        Ok(Stored { picture, task })
    }

    /// Notes in `change`, which names the new picture, that it is used and that the one `before` is
    /// to be dropped.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn replace_picture(
        &self,
        change: &mut Change,
        holder: Holder,
        before: Option<&Picture>,
        stored: Option<&Stored>,
    ) -> Result<(), StoreError> {
        if let Some(stored) = stored {
            change.end_task(&stored.task)?;
        }
        let Some(before) = before else { return Ok(()) };
        change.start_task(&self.drop_task(holder, before.id, self.now))
    }

    fn drop_task(&self, holder: Holder, id: FileId, due_at: Timestamp) -> Task {
        drop_task(&self.house, holder, id, due_at)
    }
}

/// The task that drops a picture once it is `due_at`, unless it is named by then.
#[must_use]
pub fn drop_task(house: &House, holder: Holder, id: FileId, due_at: Timestamp) -> Task {
    let work = Work::Picture(holder, id);
    Task { work, place: None, passes: 0, due_at, mark: house.dice.token() }
}

/// Which picture `holder` names now.
///
/// # Errors
/// As every read.
pub async fn named_picture(store: &Store, holder: Holder) -> Result<Option<Picture>, StoreError> {
    Ok(match holder {
        Holder::Tenant => store.own_tenant().await?.and_then(|tenant| tenant.logo),
        Holder::Contact(id) => store.contact(id).await?.and_then(|contact| contact.picture),
    })
}

impl House {
    /// An address that shows `picture` for a minute, if there is one. No call is made.
    ///
    /// # Errors
    /// Only if the credentials cannot sign.
    pub async fn show(
        &self,
        tenant: TenantId,
        picture: Option<&Picture>,
    ) -> Result<Option<AddressView>, Problem> {
        match picture {
            Some(picture) => Ok(Some(self.files.show(tenant, picture).await?.into())),
            None => Ok(None),
        }
    }
}

async fn drawn(sent: Image, frame: Frame) -> Result<Drawn, Problem> {
    let place = DRAWING.acquire().await.map_err(|_| failed())?;
    let drawing = tokio::task::spawn_blocking(move || {
        let _place = place;
        redraw(&sent.bytes, sent.format, frame)
    });
    drawing.await.map_err(|_| failed())?.map_err(|error: PictureError| error.into())
}

fn failed() -> Problem {
    Problem::new(Kind::Internal, "The picture could not be drawn. Try again.")
}
