//! The entries of a list that may be like a name, found by the marks of their names.

use std::collections::BTreeSet;

use bookferry_sync::id::CompanyId;
use bookferry_sync::likeness::marks;
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::mapping::LISTS_NAMED;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::database::{Transaction, values};
use crate::error::Result;
use crate::lists::read_entry;
use crate::statement::statements;
use crate::store::Store;

/// A list of no more entries than this is looked at wholly.
const SHORT_LIST: u32 = 1_000;

#[derive(Serialize)]
struct MarkRow<'a> {
    list_key: i64,
    mark: i64,
    list_id: &'a str,
}

#[derive(Serialize)]
struct Mark {
    mark: i64,
}

statements! {
    INSERT = both("list_entry_mark.insert",
        "INSERT INTO list_entry_mark (list_key, mark, list_id)
         SELECT CAST(given.value->>'list_key' AS BIGINT), CAST(given.value->>'mark' AS BIGINT), given.value->>'list_id'
         FROM jsonb_each($1) AS given WHERE TRUE
         ON CONFLICT (list_key, mark, list_id) DO NOTHING");
    /// A mark that many have tells little: of those that have it the first fifty are taken. SQLite has no LATERAL, and would
    /// look at the whole list for each, unless it is told which index there is; PostgreSQL without it compares every mark of
    /// the list, and without OFFSET 0 reads every entry.
    LIKE = each("list_entry_mark.like",
        "SELECT DISTINCT e.list, e.name_key, e.full_name, e.list_id, e.is_active, e.facts
         FROM jsonb_each($3) AS given CROSS JOIN list_entry_mark AS m
         CROSS JOIN list_entry AS e INDEXED BY list_entry_id
         WHERE m.list_key = $4 AND m.mark = CAST(given.value->>'mark' AS BIGINT)
             AND m.list_id <= COALESCE((SELECT n.list_id FROM list_entry_mark AS n
                 WHERE n.list_key = $4 AND n.mark = CAST(given.value->>'mark' AS BIGINT)
                 ORDER BY n.list_id LIMIT 1 OFFSET 49), '~')
             AND e.company_id = $1 AND e.list = $2 AND e.list_id = m.list_id AND e.is_active = 1",
        "SELECT DISTINCT e.list, e.name_key, e.full_name, e.list_id, e.is_active, e.facts
         FROM jsonb_each($3) AS given
         CROSS JOIN LATERAL (SELECT m.list_id FROM list_entry_mark AS m
             WHERE m.list_key = $4 AND m.mark = CAST(given.value->>'mark' AS BIGINT)
             ORDER BY m.list_id LIMIT 50) AS m
         CROSS JOIN LATERAL (SELECT * FROM list_entry AS l
             WHERE l.company_id = $1 AND l.list = $2 AND l.list_id = m.list_id AND l.is_active = 1 OFFSET 0) AS e");
    FORGET = both("list_entry_mark.forget_list", "DELETE FROM list_entry_mark WHERE list_key = $1");
}

impl Store {
    /// The entries among which those are that are most like these names; all of a short list, and inactive ones of that alone.
    pub async fn entries_like(&self, company: CompanyId, list: ListKind, names: &[&str]) -> Result<Vec<ListEntry>> {
        let first = self.list_entries(company, list, "", None, SHORT_LIST + 1).await?;
        if u32::try_from(first.len()).is_ok_and(|length| length <= SHORT_LIST) {
            return Ok(first);
        }
        let of_names: BTreeSet<String> = names.iter().flat_map(|name| marks(name)).collect();
        let of_names: Vec<Mark> = of_names.iter().map(|mark| Mark { mark: key(&[mark]) }).collect();
        let values = values![company, list.as_str(), serde_json::to_string(&of_names)?, list_key(company, list)];
        self.database.rows(&LIKE, values).await?.iter().map(read_entry).collect()
    }
}

impl Transaction {
    /// Marks entries of the lists that records name.
    pub(crate) async fn mark_entries(&mut self, company: CompanyId, entries: &[ListEntry]) -> Result<()> {
        let mut rows = Vec::new();
        for entry in entries.iter().filter(|entry| LISTS_NAMED.contains(&entry.list)) {
            let list_key = list_key(company, entry.list);
            let of_entry = marks(&entry.full_name).into_iter().map(|mark| key(&[&mark]));
            rows.extend(of_entry.map(|mark| MarkRow { list_key, mark, list_id: &entry.list_id }));
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.execute(&INSERT, values![serde_json::to_string(&rows)?]).await.map(drop)
    }

    /// The lists of other books are read from now on.
    pub(crate) async fn forget_marks(&mut self, company: CompanyId) -> Result<()> {
        for list in LISTS_NAMED {
            self.execute(&FORGET, values![list_key(company, list)]).await?;
        }
        Ok(())
    }
}

fn list_key(company: CompanyId, list: ListKind) -> i64 {
    key(&[&company.to_string(), list.as_str()])
}

/// A text as a number. That two have the same is as good as impossible, and would add an entry to those that are looked at.
fn key(parts: &[&str]) -> i64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}
