//! The README's tour, run as it is printed; only the port is another one.

use std::process::{Command, Output};

use local::cloud::{Cloud, Data, Demo, Options, Pace, Time};
use tempfile::TempDir;

const README: &str = include_str!("../../README.md");
const MARK: &str = "<!-- tour:";
const PASSWORD: &str = "correct horse battery staple";

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_runs_as_printed_and_ends_with_the_bytes_that_were_uploaded() {
    let options = Options {
        data: Data::Temporary,
        time: Time::Wall,
        pace: Pace::Steady,
        demo: Demo::Acme { password: Some(PASSWORD.to_owned()) },
        ..Options::for_tests()
    };
    let cloud = Cloud::start(options).await.unwrap();
    let tour = tour().replace("http://localhost:8080", &cloud.base_url);
    assert!(tour.contains(PASSWORD), "the tour signs in with another password");

    let folder = TempDir::new().unwrap();
    let place = folder.path().to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        Command::new("bash").args(["-euo", "pipefail", "-c", &tour]).current_dir(place).output()
    });
    let Output { status, stdout, stderr } = ran.await.unwrap().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("read.pdf: OK"), "{stdout}\n{stderr}");
    assert!(stdout.contains("portal.download"), "{stdout}\n{stderr}");
    let (read, paper) = (folder.path().join("read.pdf"), folder.path().join("paper.pdf"));
    assert_eq!(std::fs::read(read).unwrap(), std::fs::read(paper).unwrap());
    cloud.stop().await;
}

/// The block of shell behind the mark.
fn tour() -> String {
    let marked = README.split_once(MARK).expect("the README marks its tour").1;
    let block = marked.split_once("```sh\n").expect("a block of shell follows").1;
    block.split_once("```").expect("the block ends").0.to_owned()
}
