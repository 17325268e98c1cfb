//! Where the parts of a cloud lie in its folder, and in which form they are written.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cloud::options::Data;
use crate::dynamo::{Elsewhere, Place};

/// The form in which this program writes a folder. It goes up with a change that an older folder
/// would be misread for, such as another place for the end of a grant.
const FORM: u32 = 2;
/// The file that tells the form.
const FILE: &str = "form";
/// The file that the table lies in.
const TABLE: &str = "table.db";

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// There is no folder for a temporary cloud.
    #[error("cannot make a temporary folder")]
    Temporary(#[source] io::Error),
    /// The folder cannot be written or read.
    #[error("cannot use the folder `{folder}`")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another program wrote it, which would be misread.
    #[error(
        "the folder `{folder}` was written by another version of Vestibule (form {found}, not \
         {FORM}); move it away, or set DATA_DIR to another folder"
    )]
    Form {
        /// Which.
        folder: PathBuf,
        /// What it says.
        found: String,
    },
}

/// Where the parts lie in the folder.
pub(crate) struct Layout {
    pub(crate) folder: PathBuf,
    pub(crate) table: Place,
}

impl Layout {
    /// The folder made ready, and what it goes with if it is a temporary one. The table lies in it,
    /// unless it is to lie `elsewhere`.
    pub(crate) fn of(
        data: &Data,
        elsewhere: Option<&Elsewhere>,
    ) -> Result<(Self, Option<TempDir>), LayoutError> {
        let (folder, table, temporary) = match data {
            Data::Folder(folder) => {
                check_form(folder)?;
                (folder.clone(), Place::File(folder.join(TABLE)), None)
            }
            Data::Temporary => {
                let folder = TempDir::with_prefix("vestibule-").map_err(LayoutError::Temporary)?;
                (folder.path().to_owned(), Place::Memory, Some(folder))
            }
        };
        let table = elsewhere.cloned().map_or(table, Place::Elsewhere);
        Ok((Self { folder, table }, temporary))
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Lets a new folder through, and one that this program understands.
fn check_form(folder: &Path) -> Result<(), LayoutError> {
    let failed = |source| LayoutError::Folder { folder: folder.to_owned(), source };
    let path = folder.join(FILE);
    let found = match fs::read_to_string(&path) {
        Ok(found) => found,
        // The form was not told before there was a second one.
        Err(error) if error.kind() == ErrorKind::NotFound && folder.join(TABLE).exists() => {
            "1".to_owned()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(failed)?;
            // A crash leaves a whole file or none; of two starts at once both write the same.
            let draft = path.with_extension(format!("{}.new", std::process::id()));
            fs::write(&draft, format!("{FORM}\n")).map_err(failed)?;
            return fs::rename(&draft, &path).map_err(failed);
        }
        Err(error) => return Err(failed(error)),
    };
    if found.trim() == FORM.to_string() {
        return Ok(());
    }
    Err(LayoutError::Form { folder: folder.to_owned(), found: found.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_another_form_is_refused_and_left_as_it_is() {
        let folder = TempDir::new().unwrap();
        let data = Data::Folder(folder.path().join("new"));
        assert!(Layout::of(&data, None).is_ok());
        assert!(Layout::of(&data, None).is_ok(), "the second start");

        for found in ["1", "3", "", "two"] {
            fs::write(folder.path().join("new/form"), found).unwrap();
            let Err(error) = Layout::of(&data, None) else { panic!("{found:?} was taken") };
            assert!(error.to_string().contains("DATA_DIR"), "{error}");
            assert_eq!(fs::read_to_string(folder.path().join("new/form")).unwrap(), found);
        }

        let old = folder.path().join("old");
        fs::create_dir(&old).unwrap();
        fs::write(old.join(TABLE), "").unwrap();
        let Err(error) = Layout::of(&Data::Folder(old.clone()), None) else {
            panic!("it was taken")
        };
        assert!(error.to_string().contains("form 1"), "{error}");
        assert!(!old.join(FILE).exists());
    }
}
