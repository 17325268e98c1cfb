//! What draws the pages of the tests' files: their own programs are cargo's.

use std::process::ExitCode;

fn main() -> ExitCode {
    pages::drawer::draw_if_asked().unwrap_or(ExitCode::FAILURE)
}
