//! The table's own definition: the very one that is deployed.
//!
//! `infra/` writes `table.json`, the input of `CreateTable`, from what it deploys; a test there
//! compares them. The laptop's table is made from it.

use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TableDescription,
    TimeToLiveSpecification,
};
use serde::Deserialize;

use crate::{StoreError, Table};

/// What `infra/` deploys.
const DEFINITION: &str = include_str!("../../../infra/table.json");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Definition {
    attribute_definitions: Vec<Attribute>,
    billing_mode: String,
    global_secondary_indexes: Vec<Index>,
    key_schema: Vec<KeyPart>,
    stream_specification: Stream,
    time_to_live_specification: TimeToLive,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    #[serde(rename = "AttributeName")]
    name: String,
    #[serde(rename = "AttributeType")]
    kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyPart {
    #[serde(rename = "AttributeName")]
    name: String,
    #[serde(rename = "KeyType")]
    kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Index {
    #[serde(rename = "IndexName")]
    name: String,
    key_schema: Vec<KeyPart>,
    projection: Projected,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Projected {
    projection_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stream {
    #[serde(rename = "StreamEnabled")]
    enabled: bool,
    #[serde(rename = "StreamViewType")]
    view: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

impl Definition {
    fn read() -> Result<Self, StoreError> {
        serde_json::from_str(DEFINITION).map_err(StoreError::build)
    }

    fn attributes(&self, names: &[KeyPart]) -> Result<Vec<AttributeDefinition>, StoreError> {
        let is_named =
            |attribute: &&Attribute| names.iter().any(|part| part.name == attribute.name);
        self.attribute_definitions.iter().filter(is_named).map(Attribute::build).collect()
    }
}

impl Attribute {
    fn build(&self) -> Result<AttributeDefinition, StoreError> {
        AttributeDefinition::builder()
            .attribute_name(&self.name)
            .attribute_type(ScalarAttributeType::from(self.kind.as_str()))
            .build()
            .map_err(StoreError::build)
    }
}

impl KeyPart {
    fn build(&self) -> Result<KeySchemaElement, StoreError> {
        KeySchemaElement::builder()
            .attribute_name(&self.name)
            .key_type(KeyType::from(self.kind.as_str()))
            .build()
            .map_err(StoreError::build)
    }
}

impl Index {
    fn keys(&self) -> Result<Vec<KeySchemaElement>, StoreError> {
        self.key_schema.iter().map(KeyPart::build).collect()
    }

    fn projection(&self) -> Projection {
        let kind = ProjectionType::from(self.projection.projection_type.as_str());
        Projection::builder().projection_type(kind).build()
    }

    fn build(&self) -> Result<GlobalSecondaryIndex, StoreError> {
        GlobalSecondaryIndex::builder()
            .index_name(&self.name)
            .set_key_schema(Some(self.keys()?))
            .projection(self.projection())
            .build()
            .map_err(StoreError::build)
    }

    /// The same, for a table that is there already.
    fn action(&self) -> Result<CreateGlobalSecondaryIndexAction, StoreError> {
        CreateGlobalSecondaryIndexAction::builder()
            .index_name(&self.name)
            .set_key_schema(Some(self.keys()?))
            .projection(self.projection())
            .build()
            .map_err(StoreError::build)
    }
}

impl Table {
    /// Creates the table unless it exists; one that an older version made gets the indexes that
    /// came since. They find what is written from then on.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn create(&self) -> Result<(), StoreError> {
        let definition = Definition::read()?;
        let keys = definition.key_schema.iter().map(KeyPart::build);
        let attributes = definition.attribute_definitions.iter().map(Attribute::build);
        let indexes = definition.global_secondary_indexes.iter().map(Index::build);
        let view = definition.stream_specification.view.as_str();
        let created = self
            .client
            .create_table()
            .table_name(&*self.name)
            .billing_mode(BillingMode::from(definition.billing_mode.as_str()))
            .set_key_schema(Some(keys.collect::<Result<_, _>>()?))
            .set_attribute_definitions(Some(attributes.collect::<Result<_, _>>()?))
            .set_global_secondary_indexes(Some(indexes.collect::<Result<_, _>>()?))
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(definition.stream_specification.enabled)
                    .stream_view_type(StreamViewType::from(view))
                    .build()
                    .map_err(StoreError::build)?,
            )
            .send()
            .await;
        match created {
            Ok(_) => self.forget_by_ttl(&definition).await,
            Err(error) => match error.as_service_error() {
                Some(CreateTableError::ResourceInUseException(_)) => {
                    self.add_indexes(&definition).await
                }
                _ => Err(StoreError::aws("create the table", error)),
            },
        }
    }

    /// Adds the indexes that the table lacks, one after the other as DynamoDB asks.
    async fn add_indexes(&self, definition: &Definition) -> Result<(), StoreError> {
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
        for index in &definition.global_secondary_indexes {
            if is_there(&index.name) {
                continue;
            }
            let update = GlobalSecondaryIndexUpdate::builder().create(index.action()?).build();
            self.client
                .update_table()
                .table_name(&*self.name)
                .set_attribute_definitions(Some(definition.attributes(&index.key_schema)?))
                .global_secondary_index_updates(update)
                .send()
                .await
                .map_err(|error| StoreError::aws("add an index to the table", error))?;
        }
        Ok(())
    }

    async fn forget_by_ttl(&self, definition: &Definition) -> Result<(), StoreError> {
        let told = &definition.time_to_live_specification;
        let ttl = TimeToLiveSpecification::builder()
            .attribute_name(&told.attribute_name)
            .enabled(told.enabled)
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
