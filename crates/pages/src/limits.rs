//! What the process that draws gives up before it reads.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Processor time of one page, and of opening the file.
pub(crate) const PAGE_SECONDS: u64 = 5;
/// Processor time of all pages together.
pub(crate) const FILE_SECONDS: u64 = 60;
/// Memory, the program itself and the file included.
const ADDRESS_BYTES: u64 = 512 * 1024 * 1024;

/// Gives up memory beyond a bound, files, processes, and the picture of itself that a crash would
/// leave. Pipes that are open stay so.
pub(crate) fn give_up() -> rustix::io::Result<()> {
    setrlimit(Resource::Cpu, at_most(PAGE_SECONDS, FILE_SECONDS))?;
    setrlimit(Resource::As, at_most(ADDRESS_BYTES, ADDRESS_BYTES))?;
    for nothing in [Resource::Core, Resource::Fsize, Resource::Nofile, Resource::Nproc] {
        setrlimit(nothing, at_most(0, 0))?;
    }
    Ok(())
}

/// Allows one more page its time. The kernel ends the process when it is over.
pub(crate) fn allow_a_page() -> rustix::io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let used = Duration::try_from(used).unwrap_or_default().as_secs();
    setrlimit(Resource::Cpu, at_most((used + 1 + PAGE_SECONDS).min(FILE_SECONDS), FILE_SECONDS))
}

fn at_most(now: u64, ever: u64) -> Rlimit {
    Rlimit { current: Some(now), maximum: Some(ever) }
}
