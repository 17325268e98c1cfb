//! The machine that figures come from, and what the kernel tells of processes.

use std::fs::read_to_string;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use jiff::Timestamp;

use crate::CLOUD_THREADS;

/// Date, processor, cores, memory and profile in one line.
pub(crate) fn described() -> String {
    let date = Timestamp::now().strftime("%Y-%m-%d");
    let model = fact("/proc/cpuinfo", "model name");
    let memory: u64 =
        fact("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let profile = if cfg!(debug_assertions) { "debug: times mean nothing" } else { "release" };
    let memory = memory / 1024 / 1024;
    format!("Measured {date} on {model}, {cores} cores, {memory} GiB, profile {profile}.")
}

/// Processes that ran or waited to run: means of 1, 5 and 15 minutes.
pub(crate) fn load() -> String {
    let text = read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// A program that was built with this one, which lies in a folder beside it.
pub(crate) fn program(name: &str) -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe().context("cannot tell where this program lies")?;
    let folder = here.ancestors().nth(2).context("this program lies in no folder")?;
    let program = folder.join(name);
    ensure!(program.is_file(), "`{}` is missing; `make bench` builds it", program.display());
    Ok(program)
}

/// Memory of a process in KiB: `VmRSS` now, or `VmHWM` at its peak.
pub(crate) fn memory_kib(process: u32, which: &str) -> u64 {
    let value = fact(&format!("/proc/{process}/status"), which);
    value.trim_end_matches(" kB").parse().expect("the kernel tells the memory in kB")
}

/// Processor time that the cloud's threads have used, by the first field of `schedstat`.
pub(crate) fn cloud_processor_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").expect("the kernel lists the threads");
    let used = threads.filter_map(Result::ok).map(|thread| {
        let named = read_to_string(thread.path().join("comm")).unwrap_or_default();
        let text = read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        let is_cloud = named.trim() == CLOUD_THREADS;
        let first = text.split_whitespace().next().filter(|_| is_cloud);
        first.and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0)
    });
    Duration::from_nanos(used.sum())
}

fn fact(file: &str, name: &str) -> String {
    let text = read_to_string(file).unwrap_or_default();
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(found, _)| found.trim() == name);
    found.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
}
