//! Writing a file so that a crash leaves its old content or the new, never half.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Puts `bytes` in place of what `file` holds.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = file.with_extension("new");
    let mut writer = File::create(&draft)?;
    writer.write_all(bytes)?;
    writer.sync_data()?;
    std::fs::rename(draft, file)
}
