//! Mappings, and the names in records that may want one.

use std::collections::BTreeMap;

use bookferry_sync::id::CompanyId;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::mapping::{Mappings, mapping_key, names};
use bookferry_sync::record::Content;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, Value, values};
use crate::error::Result;
use crate::lists::{escape_like, read_entry};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Actor;
use crate::visit::VisitStep;

/// A mapping as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingLine {
    pub list: ListKind,
    /// As the application writes it.
    pub name: String,
    /// What the entry was called when it was chosen.
    pub chosen_name: String,
    /// The entry as last read: called otherwise now, perhaps, or inactive. `None` where it is not there.
    pub entry: Option<ListEntry>,
    pub chosen_at: Timestamp,
    pub chosen_by: String,
}

/// That a name of the application's stands for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub list: ListKind,
    pub name: String,
    pub entry: ChosenEntry,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChosenEntry {
    ListId(String),
    FullName(String),
}

/// Why nothing can be mapped to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmappable {
    NotThere,
    Inactive,
}

#[derive(Serialize)]
struct Key<'a> {
    list: &'static str,
    name_key: &'a str,
}

#[derive(Serialize)]
struct NameRow<'a> {
    list: &'static str,
    name_key: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct ChoiceRow<'a> {
    list: &'static str,
    name_key: String,
    name: &'a str,
    list_id: String,
    entry_key: String,
    full_name: String,
}

#[derive(Serialize)]
struct EntryKey<'a> {
    list: &'static str,
    list_id: Option<&'a str>,
    name_key: Option<String>,
}

statements! {
    NOTE_NAMES = both("record_name.insert",
        "INSERT INTO record_name (company_id, list, name_key, name, first_us)
         SELECT $2, given.value->>'list', given.value->>'name_key', given.value->>'name', CAST($3 AS BIGINT)
         FROM jsonb_each($1) AS given WHERE TRUE
         ON CONFLICT (company_id, list, name_key) DO NOTHING");
    /// Names that are neither mapped nor those of an entry.
    UNMAPPED = both("record_name.unmapped",
        "SELECT n.name_key, n.name FROM record_name AS n
         WHERE n.company_id = $1 AND n.list = $2 AND n.name_key > $3 AND n.name_key LIKE $5 ESCAPE '!'
             AND NOT EXISTS (SELECT 1 FROM list_entry AS e WHERE e.company_id = n.company_id AND e.list = n.list
                 AND e.name_key = n.name_key AND e.knowledge = 'present')
             AND NOT EXISTS (SELECT 1 FROM mapping AS m WHERE m.company_id = n.company_id AND m.list = n.list
                 AND m.name_key = n.name_key)
         ORDER BY n.name_key LIMIT +$4");
    /// Of two entries with one ListID, of which one has been renamed, the one read last comes last.
    /// SQLite would look at the whole list for each, unless it is told which index there is.
    APPLYING = each("mapping.applying",
        "SELECT m.list, m.name_key, COALESCE(e.full_name, m.full_name) AS full_name
         FROM jsonb_each($2) AS given CROSS JOIN mapping AS m
         LEFT JOIN list_entry AS e INDEXED BY list_entry_id
             ON e.company_id = m.company_id AND e.list = m.list AND e.list_id = m.list_id
         WHERE m.company_id = $1 AND m.list = given.value->>'list' AND m.name_key = given.value->>'name_key'
         ORDER BY m.list, m.name_key, e.read_us",
        "SELECT m.list, m.name_key, COALESCE(e.full_name, m.full_name) AS full_name
         FROM jsonb_each($2) AS given CROSS JOIN mapping AS m
         LEFT JOIN list_entry AS e ON e.company_id = m.company_id AND e.list = m.list AND e.list_id = m.list_id
         WHERE m.company_id = $1 AND m.list = given.value->>'list' AND m.name_key = given.value->>'name_key'
         ORDER BY m.list, m.name_key, e.read_us");
    /// SQLite as above.
    PAGE = each("mapping.page",
        "SELECT m.list, m.name_key, m.name, m.full_name AS chosen_name, m.chosen_us, m.chosen_by,
             COALESCE(e.list_id, n.list_id) AS list_id, COALESCE(e.full_name, n.full_name) AS full_name,
             COALESCE(e.is_active, n.is_active) AS is_active, COALESCE(e.facts, n.facts) AS facts
         FROM (SELECT * FROM mapping WHERE company_id = $1 AND list = $2 AND name_key > $3
                 AND name_key LIKE $5 ESCAPE '!' ORDER BY name_key LIMIT +$4) AS m
         LEFT JOIN list_entry AS e INDEXED BY list_entry_id
             ON e.company_id = m.company_id AND e.list = m.list AND e.list_id = m.list_id
         LEFT JOIN list_entry AS n ON n.company_id = m.company_id AND n.list = m.list AND n.name_key = m.entry_key
             AND n.knowledge = 'present'
         ORDER BY m.name_key, e.read_us",
        "SELECT m.list, m.name_key, m.name, m.full_name AS chosen_name, m.chosen_us, m.chosen_by,
             COALESCE(e.list_id, n.list_id) AS list_id, COALESCE(e.full_name, n.full_name) AS full_name,
             COALESCE(e.is_active, n.is_active) AS is_active, COALESCE(e.facts, n.facts) AS facts
         FROM (SELECT * FROM mapping WHERE company_id = $1 AND list = $2 AND name_key > $3
                 AND name_key LIKE $5 ESCAPE '!' ORDER BY name_key LIMIT +$4) AS m
         LEFT JOIN list_entry AS e ON e.company_id = m.company_id AND e.list = m.list AND e.list_id = m.list_id
         LEFT JOIN list_entry AS n ON n.company_id = m.company_id AND n.list = m.list AND n.name_key = m.entry_key
             AND n.knowledge = 'present'
         ORDER BY m.name_key, e.read_us");
    /// SQLite would look at the whole list for each, unless it is told which index there is.
    ENTRIES_BY_ID = each("list_entry.by_id",
        "SELECT e.list, e.name_key, e.full_name, e.list_id, e.is_active, e.facts
         FROM jsonb_each($2) AS given CROSS JOIN list_entry AS e INDEXED BY list_entry_id
         WHERE e.company_id = $1 AND e.list = given.value->>'list' AND e.list_id = given.value->>'list_id'
         ORDER BY e.read_us",
        "SELECT e.list, e.name_key, e.full_name, e.list_id, e.is_active, e.facts
         FROM jsonb_each($2) AS given CROSS JOIN list_entry AS e
         WHERE e.company_id = $1 AND e.list = given.value->>'list' AND e.list_id = given.value->>'list_id'
         ORDER BY e.read_us");
    ENTRIES_BY_NAME = both("list_entry.by_name",
        "SELECT e.list, e.name_key, e.full_name, e.list_id, e.is_active, e.facts
         FROM jsonb_each($2) AS given CROSS JOIN list_entry AS e
         WHERE e.company_id = $1 AND e.list = given.value->>'list' AND e.name_key = given.value->>'name_key'
             AND e.knowledge = 'present'");
    SAVE = both("mapping.save",
        "INSERT INTO mapping (company_id, list, name_key, name, list_id, entry_key, full_name, chosen_us, chosen_by)
         SELECT $2, given.value->>'list', given.value->>'name_key', given.value->>'name', given.value->>'list_id',
             given.value->>'entry_key', given.value->>'full_name', CAST($3 AS BIGINT), $4
         FROM jsonb_each($1) AS given WHERE TRUE
         ON CONFLICT (company_id, list, name_key) DO UPDATE
         SET name = excluded.name, list_id = excluded.list_id, entry_key = excluded.entry_key,
             full_name = excluded.full_name, chosen_us = excluded.chosen_us, chosen_by = excluded.chosen_by");
    /// The company's row is locked whenever a visit reads it, so that no visit misses a mapping that was made before it.
    NOTE_MAPPED = both("company.note_mapped", "UPDATE company SET has_mappings = 1 WHERE id = $1");
    REMOVE = both("mapping.remove", "DELETE FROM mapping WHERE company_id = $1 AND list = $2 AND name_key = $3");
    /// The ListIDs of other books mean nothing in these.
    UNTIE = both("mapping.untie", "UPDATE mapping SET list_id = NULL WHERE company_id = $1");
    TIE = both("mapping.tie",
        "UPDATE mapping SET list_id = (SELECT e.list_id FROM list_entry AS e WHERE e.company_id = mapping.company_id
             AND e.list = mapping.list AND e.name_key = mapping.entry_key AND e.knowledge = 'present')
         WHERE company_id = $1 AND list = $2 AND list_id IS NULL");
}

impl Store {
    /// The application's names that records have, that are no entry's and that are not mapped, after the given one;
    /// those with `part` in them.
    pub async fn unmapped_names(
        &self,
        company: CompanyId,
        list: ListKind,
        part: &str,
        after: Option<&NameKey>,
        limit: u32,
    ) -> Result<Vec<String>> {
        let rows = self.database.rows(&UNMAPPED, page_of(company, list, part, after, limit)).await?;
        rows.iter().map(|row| row.text("name")).collect()
    }

    /// Mappings by the application's name, after the given one; those with `part` in it.
    pub async fn mappings(
        &self,
        company: CompanyId,
        list: ListKind,
        part: &str,
        after: Option<&NameKey>,
        limit: u32,
    ) -> Result<Vec<MappingLine>> {
        let rows = self.database.rows(&PAGE, page_of(company, list, part, after, limit)).await?;
        let mut lines = BTreeMap::new();
        for row in &rows {
            lines.insert(row.text("name_key")?, read_line(row)?);
        }
        Ok(lines.into_values().collect())
    }

    /// The mappings of these names.
    pub(crate) async fn mappings_of(
        &self,
        company: CompanyId,
        named: impl Iterator<Item = (ListKind, &str)>,
    ) -> Result<Mappings> {
        let names = distinct(named);
        read_mappings(&self.database.rows(&APPLYING, values![company, keys_of(&names)?]).await?)
    }

    /// Makes mappings, or changes those that a name has; all of them, or none and why, by their place in `choices`.
    pub async fn map_names(
        &self,
        company: CompanyId,
        choices: &[Choice],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<(), Vec<(usize, Unmappable)>>> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let mapped = transaction.map_names(company, choices, actor, now).await?;
        if mapped.is_ok() {
            transaction.commit("map_names").await?;
        }
        Ok(mapped)
    }

    /// From now on the name stands for itself again. Says whether it was mapped.
    pub async fn unmap_name(&self, company: CompanyId, list: ListKind, name: &str) -> Result<bool> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let key = mapping_key(list, name);
        let removed = transaction.execute(&REMOVE, values![company, list.as_str(), key.as_str()]).await?;
        transaction.commit("unmap_name").await?;
        Ok(removed > 0)
    }
}

impl VisitStep {
    /// The mappings of the names that these records have.
    pub async fn mappings(&mut self, contents: impl Iterator<Item = &Content>) -> Result<Mappings> {
        if !self.has_mappings {
            return Ok(Mappings::default());
        }
        let names = distinct(contents.flat_map(names));
        if names.is_empty() {
            return Ok(Mappings::default());
        }
        let values = values![self.company.id, keys_of(&names)?];
        read_mappings(&self.transaction.rows(&APPLYING, values).await?)
    }
}

impl Transaction {
    /// Notes what the records name, for those who map names.
    pub(crate) async fn note_names(
        &mut self,
        company: CompanyId,
        contents: impl Iterator<Item = &Content>,
        now: Timestamp,
    ) -> Result<()> {
        let names = distinct(contents.flat_map(names));
        // What no column can hold is no name of QuickBooks'.
        let rows: Vec<NameRow<'_>> = names
            .iter()
            .filter(|(_, name)| !name.contains('\0'))
            .map(|((list, key), name)| NameRow { list: list.as_str(), name_key: key.as_str(), name })
            .collect();
        self.execute(&NOTE_NAMES, values![serde_json::to_string(&rows)?, company, now]).await.map(drop)
    }

    /// The company is bound to other books: its mappings follow names until the lists are read there.
    pub(crate) async fn untie_mappings(&mut self, company: CompanyId) -> Result<()> {
        self.execute(&UNTIE, values![company]).await.map(drop)
    }

    /// A list was read: mappings that follow a name follow the entry of that name.
    pub(crate) async fn tie_mappings(&mut self, company: CompanyId, list: ListKind) -> Result<()> {
        self.execute(&TIE, values![company, list.as_str()]).await.map(drop)
    }

    /// All of them, or none and why; what is refused leaves the transaction as it was.
    pub(crate) async fn map_names(
        &mut self,
        company: CompanyId,
        choices: &[Choice],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<(), Vec<(usize, Unmappable)>>> {
        let entries = self.chosen_entries(company, choices).await?;
        let (mut rows, mut refused) = (BTreeMap::new(), Vec::new());
        for (place, choice) in choices.iter().enumerate() {
            match entries.get(&choice.entry_key()) {
                None => refused.push((place, Unmappable::NotThere)),
                Some(entry) if !entry.is_active => refused.push((place, Unmappable::Inactive)),
                Some(entry) => {
                    let row = ChoiceRow::new(choice, entry);
                    rows.insert((choice.list, row.name_key.clone()), row);
                }
            }
        }
        if !refused.is_empty() {
            return Ok(Err(refused));
        }
        let rows: Vec<ChoiceRow<'_>> = rows.into_values().collect();
        let values = values![serde_json::to_string(&rows)?, company, now, actor.who.as_str()];
        self.execute_exactly(rows.len(), &SAVE, values).await?;
        self.execute_exactly(1, &NOTE_MAPPED, values![company]).await?;
        Ok(Ok(()))
    }

    async fn chosen_entries(
        &mut self,
        company: CompanyId,
        choices: &[Choice],
    ) -> Result<BTreeMap<(ListKind, ChosenEntry), ListEntry>> {
        let (mut by_id, mut by_name) = (Vec::new(), Vec::new());
        for choice in choices {
            let list = choice.list.as_str();
            match &choice.entry {
                ChosenEntry::ListId(id) => by_id.push(EntryKey { list, list_id: Some(id), name_key: None }),
                ChosenEntry::FullName(name) => {
                    let name_key = Some(NameKey::of(name).as_str().to_owned());
                    by_name.push(EntryKey { list, list_id: None, name_key });
                }
            }
        }
        let mut found = BTreeMap::new();
        for row in self.rows(&ENTRIES_BY_ID, values![company, serde_json::to_string(&by_id)?]).await? {
            let entry = read_entry(&row)?;
            found.insert((entry.list, ChosenEntry::ListId(entry.list_id.clone())), entry);
        }
        for row in self.rows(&ENTRIES_BY_NAME, values![company, serde_json::to_string(&by_name)?]).await? {
            let entry = read_entry(&row)?;
            let key = NameKey::of(&entry.full_name).as_str().to_owned();
            found.insert((entry.list, ChosenEntry::FullName(key)), entry);
        }
        Ok(found)
    }
}

impl Choice {
    fn entry_key(&self) -> (ListKind, ChosenEntry) {
        let entry = match &self.entry {
            ChosenEntry::ListId(id) => ChosenEntry::ListId(id.clone()),
            ChosenEntry::FullName(name) => ChosenEntry::FullName(NameKey::of(name).as_str().to_owned()),
        };
        (self.list, entry)
    }
}

impl<'a> ChoiceRow<'a> {
    fn new(choice: &'a Choice, entry: &ListEntry) -> Self {
        Self {
            list: choice.list.as_str(),
            name_key: mapping_key(choice.list, &choice.name).as_str().to_owned(),
            name: &choice.name,
            list_id: entry.list_id.clone(),
            entry_key: NameKey::of(&entry.full_name).as_str().to_owned(),
            full_name: entry.full_name.clone(),
        }
    }
}

fn page_of(company: CompanyId, list: ListKind, part: &str, after: Option<&NameKey>, limit: u32) -> Vec<Value> {
    let like = format!("%{}%", escape_like(mapping_key(list, part).as_str()));
    values![company, list.as_str(), after.map_or("", NameKey::as_str), i64::from(limit), like]
}

/// Each name once, as the first record writes it.
fn distinct<'a>(named: impl Iterator<Item = (ListKind, &'a str)>) -> BTreeMap<(ListKind, NameKey), &'a str> {
    let mut distinct = BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    for (list, name) in named {
        // Most lines name what others name too, and its key need not be made again.
        if seen.insert((list, name)) {
            distinct.entry((list, mapping_key(list, name))).or_insert(name);
        }
    }
    distinct
}

fn keys_of(names: &BTreeMap<(ListKind, NameKey), &str>) -> Result<String> {
    let keys: Vec<Key<'_>> =
        names.keys().map(|(list, key)| Key { list: list.as_str(), name_key: key.as_str() }).collect();
    Ok(serde_json::to_string(&keys)?)
}

fn read_mappings(rows: &[Row]) -> Result<Mappings> {
    let entry = |row: &Row| {
        let list: ListKind = row.parse("list")?;
        Ok(((list, NameKey::of(&row.text("name_key")?)), row.text("full_name")?))
    };
    Ok(Mappings::new(rows.iter().map(entry).collect::<Result<_>>()?))
}

fn read_line(row: &Row) -> Result<MappingLine> {
    let list: ListKind = row.parse("list")?;
    let entry = row.optional_text("list_id")?.map(|_| read_entry(row)).transpose()?;
    Ok(MappingLine {
        list,
        name: row.text("name")?,
        chosen_name: row.text("chosen_name")?,
        entry,
        chosen_at: row.instant("chosen_us")?,
        chosen_by: row.text("chosen_by")?,
    })
}
