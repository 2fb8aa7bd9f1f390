//! What QuickBooks has of a record that changed since: the revision that was sent.

use std::collections::HashMap;

use bookferry_sync::id::RecordId;
use bookferry_sync::record::{Content, RecordKind};
use serde::Serialize;

use crate::database::values;
use crate::error::Result;
use crate::statement::statements;
use crate::visit::VisitStep;

#[derive(Serialize)]
struct Wanted {
    id: RecordId,
    revision: i64,
}

statements! {
    FIND = both("revision.posted",
        "SELECT r.id, r.kind, posted.content
         FROM jsonb_each($2) AS given CROSS JOIN record AS r
         JOIN revision AS posted ON posted.record_id = r.id AND posted.number = CAST(given.value->>'revision' AS BIGINT)
         WHERE r.id = given.value->>'id' AND r.company_id = $1");
}

impl VisitStep {
    /// The contents of these revisions; one that there never was is left out.
    pub async fn revisions(&mut self, wanted: &[(RecordId, i64)]) -> Result<HashMap<RecordId, Content>> {
        let wanted: Vec<Wanted> = wanted.iter().map(|&(id, revision)| Wanted { id, revision }).collect();
        let values = values![self.company.id, serde_json::to_string(&wanted)?];
        let rows = self.transaction.locked().await?.rows(&FIND, values).await?;
        let read = |row: &crate::database::Row| {
            let kind: RecordKind = row.parse("kind")?;
            let content = Content::from_json(kind, &row.text("content")?);
            Ok((row.parse("id")?, content.map_err(|error| row.inconsistent("content", error))?))
        };
        rows.iter().map(read).collect()
    }
}
