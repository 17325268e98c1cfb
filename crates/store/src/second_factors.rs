//! The second factors of people. They belong to no tenant, as people do.

use domain::id::IdentityId;
use domain::second_factor::SecondFactor;

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::{StoreError, Table, keys};

impl Table {
    /// The second factor of a person; one that is off, if there never was any.
    ///
    /// # Errors
    /// As every read.
    pub async fn second_factor(&self, id: IdentityId) -> Result<SecondFactor, StoreError> {
        let factor = self.get_as("read a second factor", &keys::second_factor(id)).await?;
        Ok(factor.unwrap_or_default())
    }
}

impl Change {
    /// Saves a person's second factor in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Attempt`].
    pub fn save_second_factor(
        &mut self,
        id: IdentityId,
        factor: &SecondFactor,
    ) -> Result<(), StoreError> {
        let row = Row::new(&keys::second_factor(id), factor)?;
        self.put_version(Claim::Attempt, row, factor.version)
    }
}
