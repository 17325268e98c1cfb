//! The bucket, as somebody meets it who was handed an address.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use local::s3::{ACCESS_KEY, BUCKET, SECRET_KEY};

use crate::world::World;

impl World {
    /// Fetches an address without any proof; answers status and bytes.
    pub async fn fetch(&self, url: &str) -> (u16, Vec<u8>) {
        let answer = self.http.get(url).send().await.expect("the bucket answers");
        let status = answer.status().as_u16();
        (status, answer.bytes().await.expect("a body").to_vec())
    }

    /// How many objects the bucket holds; at most a thousand.
    pub async fn stored_objects(&self) -> usize {
        let listed = self.bucket().list_objects_v2().bucket(BUCKET).send().await;
        listed.expect("the bucket answers").contents().len()
    }

    fn bucket(&self) -> Client {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("local"))
            .credentials_provider(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "tests"))
            .endpoint_url(&self.base_url)
            .force_path_style(true)
            .build();
        Client::from_conf(config)
    }

    /// An address of the same object as `url`, signed `age` ago and good for an hour by its own
    /// word.
    pub async fn signed_ago(&self, url: &str, age: Duration) -> String {
        let path = url.split('?').next().unwrap_or_default();
        let (_, key) = path.split_once(&format!("/{BUCKET}/")).expect("an address in the bucket");
        let presigning = PresigningConfig::builder()
            .start_time(SystemTime::now() - age)
            .expires_in(Duration::from_hours(1))
            .build()
            .expect("an hour is allowed");
        let get = self.bucket().get_object().bucket(BUCKET).key(key);
        get.presigned(presigning).await.expect("a signature").uri().to_owned()
    }
}
