//! The table's own definition, for the laptop; in AWS the same is declared in `infra/`.

use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TableDescription,
    TimeToLiveSpecification,
};

use crate::{StoreError, Table};

/// Indexes: name, partition attribute, sort attribute, and what is copied into them. Lists are
/// read straight from their index; the others only find keys.
const INDEXES: [(&str, &str, &str, ProjectionType); 5] = [
    ("created", "L", "SK", ProjectionType::All),
    ("activity", "L", "A", ProjectionType::All),
    ("inverse", "O", "S", ProjectionType::KeysOnly),
    ("due", "D", "W", ProjectionType::KeysOnly),
    ("actor", "R", "SK", ProjectionType::KeysOnly),
];

impl Table {
    /// Creates the table unless it exists; one that an older version made gets the indexes that
    /// came since. They find what is written from then on.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn create(&self) -> Result<(), StoreError> {
        let mut create = self
            .client
            .create_table()
            .table_name(&*self.name)
            .billing_mode(BillingMode::PayPerRequest)
            .key_schema(key("PK", KeyType::Hash)?)
            .key_schema(key("SK", KeyType::Range)?)
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()
                    .map_err(StoreError::build)?,
            );
        for name in ["PK", "SK", "L", "A", "O", "S", "D", "W", "R"] {
            create = create.attribute_definitions(text(name)?);
        }
        for (name, partition, sort, projection) in INDEXES {
            create = create.global_secondary_indexes(
                GlobalSecondaryIndex::builder()
                    .index_name(name)
                    .key_schema(key(partition, KeyType::Hash)?)
                    .key_schema(key(sort, KeyType::Range)?)
                    .projection(Projection::builder().projection_type(projection).build())
                    .build()
                    .map_err(StoreError::build)?,
            );
        }
        match create.send().await {
            Ok(_) => self.forget_by_ttl().await,
            Err(error) => match error.as_service_error() {
                Some(CreateTableError::ResourceInUseException(_)) => self.add_indexes().await,
                _ => Err(StoreError::aws("create the table", error)),
            },
        }
    }

    /// Adds the indexes that the table lacks, one after the other as DynamoDB asks.
    async fn add_indexes(&self) -> Result<(), StoreError> {
        let told = self
            .client
            .describe_table()
            .table_name(&*self.name)
            .send()
            .await
            .map_err(|error| StoreError::aws("describe the table", error))?;
        let table = told.table.unwrap_or_else(|| TableDescription::builder().build());
        let is_there = |wanted: &str| {
            let mut names = table.global_secondary_indexes().iter();
            names.any(|index| index.index_name() == Some(wanted))
        };
        for (name, partition, sort, projection) in INDEXES {
            if is_there(name) {
                continue;
            }
            let action = CreateGlobalSecondaryIndexAction::builder()
                .index_name(name)
                .key_schema(key(partition, KeyType::Hash)?)
                .key_schema(key(sort, KeyType::Range)?)
                .projection(Projection::builder().projection_type(projection).build())
                .build()
                .map_err(StoreError::build)?;
            self.client
                .update_table()
                .table_name(&*self.name)
                .attribute_definitions(text(partition)?)
                .attribute_definitions(text(sort)?)
                .global_secondary_index_updates(
                    GlobalSecondaryIndexUpdate::builder().create(action).build(),
                )
                .send()
                .await
                .map_err(|error| StoreError::aws("add an index to the table", error))?;
        }
        Ok(())
    }

    async fn forget_by_ttl(&self) -> Result<(), StoreError> {
        let ttl = TimeToLiveSpecification::builder()
            .attribute_name("ttl")
            .enabled(true)
            .build()
            .map_err(StoreError::build)?;
        self.client
            .update_time_to_live()
            .table_name(&*self.name)
            .time_to_live_specification(ttl)
            .send()
            .await
            .map(drop)
            .map_err(|error| StoreError::aws("enable time to live", error))
    }
}

fn text(name: &str) -> Result<AttributeDefinition, StoreError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(StoreError::build)
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, StoreError> {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .map_err(StoreError::build)
}
