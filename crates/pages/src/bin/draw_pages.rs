//! A program that only draws pages: what tests start, whose own programs are not ours.

use std::process::ExitCode;

fn main() -> ExitCode {
    pages::drawer::draw_if_asked().unwrap_or(ExitCode::FAILURE)
}
