//! What people say of names while they mend: which entry one stands for, or that one is to be created. It holds from then on
//! for all records, and is taken back with the last of those that were mended by it, as long as nothing has crossed with it.

use std::collections::BTreeSet;

use bookferry_sync::id::CompanyId;
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::mapping::{mapping_key, names};
use bookferry_sync::record::Content;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::mapping::{Choice, Unmappable};
use crate::statement::statements;
use crate::submission::Actor;

/// What is said of names along with a mending.
#[derive(Debug, Clone, Copy)]
pub enum Teaching<'a> {
    /// These names stand for these entries.
    Mapped(&'a [Choice]),
    /// These entries are created where a record names them and QuickBooks lacks them.
    Wanted(&'a [(ListKind, String)]),
}

/// What became of it when the mending was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unlearned {
    /// There was nothing of the kind, or other records are still mended by it.
    #[default]
    Nothing,
    /// Names stand for what they stood for before, and nothing is created.
    TakenBack,
    /// At least one stays: a record has crossed with it, the entry has been created, or somebody said something else since.
    Stays,
}

/// Records that are looked at for what they name; where more have been sent since, it is taken for used.
const CROSSED_MAX: i64 = 2_000;

statements! {
    /// Before the mappings are made.
    NOTE_MAPPED = both("taught.note_mapped",
        "INSERT INTO taught (company_id, at_us, what, list, name_key, name, list_id, entry_key, full_name, chosen_us, chosen_by)
         SELECT $2, CAST($3 AS BIGINT), 'mapping', given.value->>'list', given.value->>'name_key', m.name, m.list_id,
             m.entry_key, m.full_name, m.chosen_us, m.chosen_by
         FROM jsonb_each($1) AS given LEFT JOIN mapping AS m ON m.company_id = $2 AND m.list = given.value->>'list'
             AND m.name_key = given.value->>'name_key'
         WHERE TRUE ON CONFLICT (company_id, at_us, what, list, name_key) DO NOTHING");
    /// After they are wanted: what somebody wanted before stays wanted.
    NOTE_WANTED = both("taught.note_wanted",
        "INSERT INTO taught (company_id, at_us, what, list, name_key)
         SELECT w.company_id, w.wanted_us, 'wanted', w.list, w.name_key
         FROM jsonb_each($1) AS given CROSS JOIN wanted_entry AS w
         WHERE w.company_id = $2 AND w.list = given.value->>'list' AND w.name_key = given.value->>'name_key'
             AND w.wanted_us = $3
         ON CONFLICT (company_id, at_us, what, list, name_key) DO NOTHING");
    COUNT_MENDED = both("mending.count_left",
        "SELECT COUNT(*) AS record_count FROM mending WHERE company_id = $1 AND at_us = $2");
    OF = both("taught.of",
        "SELECT t.what, t.list, t.name_key, CAST(CASE WHEN t.what = 'mapping' THEN
                 CASE WHEN EXISTS (SELECT 1 FROM mapping AS m WHERE m.company_id = t.company_id AND m.list = t.list
                     AND m.name_key = t.name_key AND m.chosen_us = t.at_us) THEN 1 ELSE 0 END
             WHEN EXISTS (SELECT 1 FROM list_entry AS e WHERE e.company_id = t.company_id AND e.list = t.list
                 AND e.name_key = t.name_key AND e.knowledge = 'present')
                 OR EXISTS (SELECT 1 FROM message_set AS s WHERE s.company_id = t.company_id AND s.is_write = 1
                     AND s.state IN ('sent', 'unsettled')) THEN 0
             ELSE 1 END AS BIGINT) AS is_free
         FROM taught AS t WHERE t.company_id = $1 AND t.at_us = $2");
    /// Whatever was sent since has changed since.
    CROSSED = both("revision.crossed",
        "SELECT r.kind, sent.content FROM record AS r JOIN attempt AS a ON a.record_id = r.id
         JOIN revision AS sent ON sent.record_id = a.record_id AND sent.number = a.revision
         WHERE r.company_id = $1 AND r.kind IN ('invoice', 'payment') AND r.changed_us > $2 AND a.sent_us > $2
         LIMIT +$3");
    RESTORE = both("mapping.restore",
        "INSERT INTO mapping (company_id, list, name_key, name, list_id, entry_key, full_name, chosen_us, chosen_by)
         SELECT t.company_id, t.list, t.name_key, t.name, t.list_id, t.entry_key, t.full_name, t.chosen_us, t.chosen_by
         FROM jsonb_each($3) AS given CROSS JOIN taught AS t
         WHERE t.company_id = $1 AND t.at_us = $2 AND t.what = 'mapping' AND t.list = given.value->>'list'
             AND t.name_key = given.value->>'name_key' AND t.name IS NOT NULL
         ON CONFLICT (company_id, list, name_key) DO UPDATE
         SET name = excluded.name, list_id = excluded.list_id, entry_key = excluded.entry_key,
             full_name = excluded.full_name, chosen_us = excluded.chosen_us, chosen_by = excluded.chosen_by");
    UNMAP = both("mapping.untaught",
        "DELETE FROM mapping WHERE company_id = $1 AND (list, name_key) IN (
             SELECT t.list, t.name_key FROM jsonb_each($3) AS given CROSS JOIN taught AS t
             WHERE t.company_id = $1 AND t.at_us = $2 AND t.what = 'mapping' AND t.list = given.value->>'list'
                 AND t.name_key = given.value->>'name_key' AND t.name IS NULL)");
    UNWANT = both("wanted_entry.untaught",
        "DELETE FROM wanted_entry WHERE company_id = $1 AND (list, name_key) IN (
             SELECT t.list, t.name_key FROM jsonb_each($3) AS given CROSS JOIN taught AS t
             WHERE t.company_id = $1 AND t.at_us = $2 AND t.what = 'wanted' AND t.list = given.value->>'list'
                 AND t.name_key = given.value->>'name_key')");
    DELETE = both("taught.delete", "DELETE FROM taught WHERE company_id = $1 AND at_us = $2");
    FORGET = both("taught.forget_all", "DELETE FROM taught WHERE company_id = $1");
}

#[derive(Serialize)]
struct KeyRow {
    list: &'static str,
    name_key: String,
}

/// What was said of one name.
struct Taught {
    is_mapping: bool,
    list: ListKind,
    name_key: String,
    /// Whether it can be taken back, as far as what crossed is not concerned.
    is_free: bool,
}

impl Transaction {
    /// From now on it holds; noted for taking it back with the mending of that instant. All of it, or nothing and why.
    pub(crate) async fn teach(
        &mut self,
        company: CompanyId,
        teaching: Teaching<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<(), Vec<(usize, Unmappable)>>> {
        match teaching {
            Teaching::Mapped(choices) => {
                let keys = choices.iter().map(|choice| KeyRow::of(choice.list, &choice.name)).collect::<Vec<_>>();
                self.execute(&NOTE_MAPPED, values![serde_json::to_string(&keys)?, company, now]).await?;
                self.map_names(company, choices, actor, now).await
            }
            Teaching::Wanted(names) => {
                self.want_entries(company, names, actor, now).await?;
                let keys = names.iter().map(|(list, name)| KeyRow::of(*list, name)).collect::<Vec<_>>();
                self.execute(&NOTE_WANTED, values![serde_json::to_string(&keys)?, company, now]).await?;
                Ok(Ok(()))
            }
        }
    }

    /// Takes back what was said along with the mending of that instant, if none of its records is mended by it any more.
    pub(crate) async fn unlearn(&mut self, company: CompanyId, at: Timestamp) -> Result<Unlearned> {
        let taught = self.rows(&OF, values![company, at]).await?;
        let taught = taught.iter().map(Taught::read).collect::<Result<Vec<_>>>()?;
        if taught.is_empty() {
            return Ok(Unlearned::Nothing);
        }
        let left = self.row(&COUNT_MENDED, values![company, at]).await?;
        if left.map_or(Ok(0), |row| row.count("record_count"))? > 0 {
            return Ok(Unlearned::Stays);
        }
        let Some(crossed) = self.crossed_since(company, at).await? else { return Ok(Unlearned::Stays) };
        let is_free = |it: &&Taught| it.is_free && !crossed.contains(&(it.list, it.name_key.clone()));
        let free: Vec<&Taught> = taught.iter().filter(is_free).collect();
        let keys = |is_mapping: bool| {
            let of_kind = free.iter().filter(|it| it.is_mapping == is_mapping);
            let keys = of_kind.map(|it| KeyRow { list: it.list.as_str(), name_key: it.name_key.clone() });
            serde_json::to_string(&keys.collect::<Vec<_>>())
        };
        let (mapped, wanted) = (keys(true)?, keys(false)?);
        self.execute(&RESTORE, values![company, at, mapped.as_str()]).await?;
        self.execute(&UNMAP, values![company, at, mapped]).await?;
        self.execute(&UNWANT, values![company, at, wanted]).await?;
        self.execute(&DELETE, values![company, at]).await?;
        Ok(if free.len() == taught.len() { Unlearned::TakenBack } else { Unlearned::Stays })
    }

    /// Other books have other entries.
    pub(crate) async fn forget_taught(&mut self, company: CompanyId) -> Result<()> {
        self.execute(&FORGET, values![company]).await.map(drop)
    }

    /// The names in what was sent since; `None` where that is too much to look at.
    async fn crossed_since(
        &mut self,
        company: CompanyId,
        at: Timestamp,
    ) -> Result<Option<BTreeSet<(ListKind, String)>>> {
        let rows = self.rows(&CROSSED, values![company, at, CROSSED_MAX + 1]).await?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) > CROSSED_MAX {
            return Ok(None);
        }
        let mut crossed = BTreeSet::new();
        for row in &rows {
            let content = Content::from_json(row.parse("kind")?, &row.text("content")?);
            let content = content.map_err(|error| row.inconsistent("content", error))?;
            let key = |(list, name)| (list, mapping_key(list, name).as_str().to_owned());
            crossed.extend(names(&content).into_iter().map(key));
        }
        Ok(Some(crossed))
    }
}

impl KeyRow {
    fn of(list: ListKind, name: &str) -> Self {
        let key: NameKey = mapping_key(list, name);
        Self { list: list.as_str(), name_key: key.as_str().to_owned() }
    }
}

impl Taught {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            is_mapping: row.text("what")? == "mapping",
            list: row.parse("list")?,
            name_key: row.text("name_key")?,
            is_free: row.flag("is_free")?,
        })
    }
}
