//! What is noted beside the data: when the demo was begun, and whether it is laid out.

use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::demo::DemoError;
use crate::file::replace;

/// The notes of a folder.
pub(super) struct Notes {
    pub(super) began_at: Timestamp,
    pub(super) done: bool,
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Noted {
    began_at: Timestamp,
    done: bool,
}

impl Noted {
    fn write(&self, path: &Path) -> io::Result<()> {
        replace(path, &serde_json::to_vec(self)?)
    }
}

impl Notes {
    /// Reads the notes of `folder`, or begins them at `now`.
    pub(super) fn open(folder: &Path, now: Timestamp) -> Result<Self, DemoError> {
        let path = folder.join("demo.json");
        let failed = |source| DemoError::Note { path: path.clone(), source };
        let noted = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| failed(error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let noted = Noted { began_at: now, done: false };
                noted.write(&path).map_err(failed)?;
                noted
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { began_at: noted.began_at, done: noted.done, path })
    }

    /// Notes that nothing is left to do.
    pub(super) fn finish(self) -> Result<(), DemoError> {
        let noted = Noted { began_at: self.began_at, done: true };
        noted.write(&self.path).map_err(|source| DemoError::Note { path: self.path, source })
    }
}
