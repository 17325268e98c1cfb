//! The root keys of a laptop: one file that only its owner reads.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use app::house::RootSource;
use app::house::dice::Dice;
use app::house::keyring::Keyring;
use app::house::roots::Roots;
use aws_config::SdkConfig;

use crate::dynamo::Place;

/// Why there are no root keys; each one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// The file is gone while what its keys protect is there.
    #[error(
        "the key file `{}` is missing though there is data; restore it, or move the data away to start afresh",
        path.display()
    )]
    Missing { path: PathBuf },
    /// The file cannot be made.
    #[error("cannot make the key file `{}`", path.display())]
    Make { path: PathBuf, source: io::Error },
    /// The file cannot be read.
    #[error("cannot read the key file `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// The file holds something else.
    #[error("the key file `{}` is damaged; restore a copy", path.display())]
    Damaged { path: PathBuf },
}

/// Name of the key file.
const FILE: &str = "root.keys";

/// Where the keys of `folder` are read again after somebody rotated them.
pub(crate) fn source(folder: &Path, sdk: &SdkConfig) -> RootSource {
    RootSource { roots: Roots::File(folder.join(FILE)), sdk: sdk.clone() }
}

/// Reads the keys of `folder`, or makes them before there is anything to protect.
pub(crate) fn open(folder: &Path, table: &Place) -> Result<Keyring, RootsError> {
    let path = folder.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if matches!(table, Place::File(table) if table.exists()) {
                return Err(RootsError::Missing { path });
            }
            make(folder, &path).map_err(|source| RootsError::Make { path: path.clone(), source })?
        }
        Err(source) => return Err(RootsError::Read { path, source }),
    };
    Keyring::parse(&text).map_err(|_| RootsError::Damaged { path })
}

/// Writes new keys so that a crash leaves a whole file or none, and that of two starts at once
/// both read the same.
fn make(folder: &Path, path: &Path) -> io::Result<String> {
    fs::create_dir_all(folder)?;
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(Keyring::generate(Dice::default().secret()).as_bytes())?;
    file.sync_data()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::read_to_string(path),
    }
}
