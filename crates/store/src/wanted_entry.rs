//! Entries that a person wants created in QuickBooks, where the company does not let Bookferry create such by itself.

use std::collections::BTreeSet;

use bookferry_sync::id::CompanyId;
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::mapping::mapping_key;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::submission::Actor;
use crate::visit::VisitStep;

statements! {
    SAVE = both("wanted_entry.save",
        "INSERT INTO wanted_entry (company_id, list, name_key, name, wanted_us, wanted_by)
         SELECT $2, given.value->>'list', given.value->>'name_key', given.value->>'name', CAST($3 AS BIGINT), $4
         FROM jsonb_each($1) AS given WHERE TRUE ON CONFLICT (company_id, list, name_key) DO NOTHING");
    /// The company's row is locked whenever a visit reads it, so that no visit misses what was wanted before it.
    NOTE_WANTED = both("company.note_wanted", "UPDATE company SET has_wanted_entries = 1 WHERE id = $1");
    /// Those that QuickBooks has by now are not wanted any more.
    WANTED = both("wanted_entry.open",
        "SELECT w.list, w.name_key FROM wanted_entry AS w WHERE w.company_id = $1
             AND NOT EXISTS (SELECT 1 FROM list_entry AS e WHERE e.company_id = w.company_id AND e.list = w.list
                 AND e.name_key = w.name_key AND e.knowledge = 'present')");
}

#[derive(Serialize)]
struct WantedRow<'a> {
    list: &'static str,
    name_key: String,
    name: &'a str,
}

impl Transaction {
    /// From now on these entries are created where a record names them and QuickBooks lacks them.
    pub(crate) async fn want_entries(
        &mut self,
        company: CompanyId,
        names: &[(ListKind, String)],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let row = |(list, name): &'_ (ListKind, String)| {
            let name_key = mapping_key(*list, name).as_str().to_owned();
            (list.as_str(), name_key, name.clone())
        };
        let distinct: BTreeSet<(&str, String, String)> = names.iter().map(row).collect();
        let rows: Vec<WantedRow<'_>> = distinct
            .iter()
            .map(|(list, name_key, name)| WantedRow { list, name_key: name_key.clone(), name })
            .collect();
        let values = values![serde_json::to_string(&rows)?, company, now, actor.who.as_str()];
        self.execute(&SAVE, values).await?;
        self.execute_exactly(1, &NOTE_WANTED, values![company]).await
    }
}

impl VisitStep {
    /// What people want created and QuickBooks does not have, as far as is known.
    pub async fn wanted_entries(&mut self) -> Result<BTreeSet<(ListKind, NameKey)>> {
        if !self.has_wanted_entries {
            return Ok(BTreeSet::new());
        }
        let rows = self.transaction.rows(&WANTED, values![self.company.id]).await?;
        rows.iter().map(|row| Ok((row.parse("list")?, NameKey::of(&row.text("name_key")?)))).collect()
    }
}
