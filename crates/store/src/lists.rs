//! What is known of QuickBooks' lists: which names are there, and which were looked for in vain.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::{CompanyId, VisitId};
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::plan::{Knowledge, Known};
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::step_transaction::StepTransaction;
use crate::store::Store;

/// An entry that QuickBooks had under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneEntry {
    pub list: ListKind,
    /// What it was called.
    pub name: NameKey,
    pub list_id: String,
    /// Where it was only renamed.
    pub now_called: Option<String>,
}

#[derive(Serialize)]
struct Name<'a> {
    list: &'static str,
    name_key: &'a str,
}

#[derive(Serialize)]
struct EntryRow<'a> {
    list: &'static str,
    name_key: &'a str,
    full_name: &'a str,
    list_id: Option<&'a str>,
    is_active: i64,
    facts: Option<String>,
    knowledge: &'static str,
}

#[derive(Serialize)]
struct Id<'a> {
    list: &'static str,
    list_id: &'a str,
}

/// What the entry that `gone_entry AS g` is about is called now; empty where there is none any more.
macro_rules! now_called {
    ($by_id:literal) => {
        concat!(
            "COALESCE((SELECT e.full_name FROM list_entry AS e ",
            $by_id,
            " WHERE e.company_id = g.company_id AND e.list = g.list AND e.list_id = g.list_id LIMIT 1), '')"
        )
    };
}

/// That nobody wants the entry of this company, list and name created anew.
macro_rules! is_unwanted {
    ($company:literal, $list:literal, $name:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM wanted_entry AS w WHERE w.company_id = ",
            $company,
            " AND w.list = ",
            $list,
            " AND w.name_key = ",
            $name,
            ")"
        )
    };
}

/// `$by_id` names the index of the ListIDs to SQLite.
macro_rules! known {
    ($facts:literal, $by_id:literal) => {
        concat!(
            "SELECT l.list, l.name_key, l.full_name, l.list_id, l.is_active, l.facts, l.knowledge,
                 CASE l.knowledge WHEN 'absent' THEN (
                     SELECT ",
            now_called!($by_id),
            " FROM gone_entry AS g
                     WHERE g.company_id = l.company_id AND g.list = l.list AND g.name_key = l.name_key AND ",
            is_unwanted!("l.company_id", "l.list", "l.name_key"),
            "
                 ) END AS now_called, (
                 SELECT code.facts FROM list_entry AS code
                 WHERE code.company_id = l.company_id AND code.list = 'sales_tax_codes'
                     AND code.list_id = ",
            $facts,
            "->>'tax_code' AND code.facts IS NOT NULL LIMIT 1
             ) AS tax_code_facts
             FROM jsonb_each($2) AS given CROSS JOIN list_entry AS l
             WHERE l.company_id = $1 AND l.list = given.value->>'list' AND l.name_key = given.value->>'name_key'
                 AND (l.knowledge = 'present' AND l.is_active = 1 OR l.visit_id = $3)"
        )
    };
}

macro_rules! gone {
    ($by_id:literal) => {
        concat!(
            "SELECT g.list, g.name_key, g.list_id, ",
            now_called!($by_id),
            " AS now_called FROM jsonb_each($2) AS given CROSS JOIN gone_entry AS g
             WHERE g.company_id = $1 AND g.list = given.value->>'list' AND g.name_key = given.value->>'name_key'
                 AND ",
            is_unwanted!("$1", "given.value->>'list'", "given.value->>'name_key'")
        )
    };
}

statements! {
    /// With the facts of the sales tax code that a customer has, which nearly all have. PostgreSQL keeps JSON in a type of its
    /// own.
    KNOWN = each("list_entry.known", known!("l.facts", "INDEXED BY list_entry_id"),
        known!("CAST(l.facts AS JSONB)", ""));
    /// WHERE TRUE tells SQLite that ON CONFLICT does not begin a join.
    UPSERT = both("list_entry.upsert",
        "INSERT INTO list_entry (company_id, list, name_key, full_name, list_id, is_active, facts, knowledge,
             read_us, visit_id)
         SELECT $2, given.value->>'list', given.value->>'name_key', given.value->>'full_name', given.value->>'list_id',
             CAST(given.value->>'is_active' AS BIGINT), given.value->>'facts', given.value->>'knowledge',
             CAST($3 AS BIGINT), $4
         FROM jsonb_each($1) AS given WHERE TRUE
         ON CONFLICT (company_id, list, name_key) DO UPDATE
         SET full_name = excluded.full_name, list_id = excluded.list_id, is_active = excluded.is_active,
             facts = excluded.facts, knowledge = excluded.knowledge, read_us = excluded.read_us, visit_id = excluded.visit_id");
    FORGET = both("list_entry.forget",
        "DELETE FROM list_entry WHERE company_id = $1 AND list = $2 AND name_key = $3");
    ENTRIES = both("list_entry.named",
        "SELECT l.list, l.name_key, l.full_name, l.list_id, l.is_active, l.facts
         FROM jsonb_each($2) AS given CROSS JOIN list_entry AS l
         WHERE l.company_id = $1 AND l.list = given.value->>'list' AND l.name_key = given.value->>'name_key'
             AND l.knowledge = 'present'");
    GONE = each("gone_entry.named", gone!("INDEXED BY list_entry_id"), gone!(""));
    /// SQLite would look at the whole list for each, unless it is told which index there is.
    FACTS = each("list_entry.facts",
        "SELECT e.list_id, e.facts FROM jsonb_each($2) AS given CROSS JOIN list_entry AS e INDEXED BY list_entry_id
         WHERE e.company_id = $1 AND e.list = given.value->>'list' AND e.list_id = given.value->>'list_id'
             AND e.facts IS NOT NULL",
        "SELECT e.list_id, e.facts FROM jsonb_each($2) AS given CROSS JOIN list_entry AS e
         WHERE e.company_id = $1 AND e.list = given.value->>'list' AND e.list_id = given.value->>'list_id'
             AND e.facts IS NOT NULL");
    PAGE = both("list_entry.page",
        "SELECT list, name_key, full_name, list_id, is_active, facts, knowledge FROM list_entry
         WHERE company_id = $1 AND list = $2 AND knowledge = 'present' AND name_key > $3
             AND name_key LIKE $5 ESCAPE '!'
         ORDER BY name_key LIMIT +$4");
}

impl Store {
    /// Entries of a list as last read, by name, after the given one; those with `part` in their name.
    pub async fn list_entries(
        &self,
        company: CompanyId,
        list: ListKind,
        part: &str,
        after: Option<&NameKey>,
        limit: u32,
    ) -> Result<Vec<ListEntry>> {
        let after = after.map_or("", NameKey::as_str);
        let like = format!("%{}%", escape_like(NameKey::of(part).as_str()));
        let rows = self.database.rows(&PAGE, values![company, list.as_str(), after, i64::from(limit), like]).await?;
        rows.iter().map(read_entry).collect()
    }

    /// The entries that have these names, as last read.
    pub async fn entries_of(
        &self,
        company: CompanyId,
        names: impl Iterator<Item = &(ListKind, NameKey)>,
    ) -> Result<Vec<ListEntry>> {
        let Some(names) = given(names)? else { return Ok(Vec::new()) };
        let rows = self.database.rows(&ENTRIES, values![company, names]).await?;
        let mut entries: Vec<ListEntry> = rows.iter().map(read_entry).collect::<Result<_>>()?;
        if let Some(others) = referred_to(entries.iter())? {
            let others = read_others(&self.database.rows(&FACTS, values![company, others]).await?)?;
            entries.iter_mut().for_each(|entry| entry.facts.resolve(&others));
        }
        Ok(entries)
    }

    /// Those of these names that QuickBooks had and has no more, unless somebody wants them created anew.
    pub async fn gone_entries(
        &self,
        company: CompanyId,
        names: impl Iterator<Item = &(ListKind, NameKey)>,
    ) -> Result<Vec<GoneEntry>> {
        let Some(names) = given(names)? else { return Ok(Vec::new()) };
        let rows = self.database.rows(&GONE, values![company, names]).await?;
        let gone = rows.iter().map(|row| {
            Ok(GoneEntry {
                list: row.parse("list")?,
                name: NameKey::of(&row.text("name_key")?),
                list_id: row.text("list_id")?,
                now_called: now_called(row.text("now_called")?),
            })
        });
        gone.collect()
    }

    /// What is known of these names, as last read; names of which nothing is known are left out.
    pub(crate) async fn knowledge_of(
        &self,
        company: CompanyId,
        names: &BTreeSet<(ListKind, NameKey)>,
    ) -> Result<Known> {
        let gone = self.gone_entries(company, names.iter()).await?.into_iter();
        let gone = gone.map(|it| ((it.list, it.name), Knowledge::Gone { now_called: it.now_called }));
        let present = self.entries_of(company, names.iter()).await?.into_iter();
        let present = present.map(|it| ((it.list, NameKey::of(&it.full_name)), Knowledge::Present(it)));
        Ok(gone.chain(present).collect())
    }
}

impl StepTransaction {
    pub(crate) async fn known(
        &mut self,
        company: CompanyId,
        visit: VisitId,
        names: &[(ListKind, NameKey)],
    ) -> Result<HashMap<(ListKind, NameKey), Knowledge>> {
        let Some(given) = given(names.iter())? else { return Ok(HashMap::new()) };
        let rows = self.rows(&KNOWN, values![company, given, visit]).await?;
        let mut found = HashMap::with_capacity(rows.len());
        let mut others = BTreeMap::new();
        for row in &rows {
            let knowledge = match row.text("knowledge")?.as_str() {
                "present" => Knowledge::Present(read_entry(row)?),
                _ => match row.optional_text("now_called")? {
                    Some(name) => Knowledge::Gone { now_called: now_called(name) },
                    None => Knowledge::Absent,
                },
            };
            let tax_code = knowledge.entry().and_then(|entry| entry.facts.tax_code.clone());
            if let (Some(tax_code), Some(facts)) = (tax_code, row.optional_text("tax_code_facts")?) {
                others.insert(tax_code, read_facts(row, &facts)?);
            }
            found.insert((row.parse::<ListKind>("list")?, row.text("name_key")?), knowledge);
        }
        let tax_groups = found.values().filter_map(Knowledge::entry).filter(|entry| !entry.facts.tax_items.is_empty());
        if let Some(ids) = referred_to(tax_groups)? {
            others.extend(read_others(&self.rows(&FACTS, values![company, ids]).await?)?);
        }
        found.values_mut().filter_map(Knowledge::entry_mut).for_each(|entry| entry.facts.resolve(&others));
        let known = names.iter().filter_map(|(list, key)| {
            let knowledge = found.get(&(*list, key.as_str().to_owned()))?;
            Some(((*list, key.clone()), knowledge.clone()))
        });
        Ok(known.collect())
    }
}

impl Transaction {
    pub(crate) async fn learn(
        &mut self,
        company: CompanyId,
        visit: VisitId,
        present: &[ListEntry],
        absent: &[(ListKind, NameKey)],
        now: Timestamp,
    ) -> Result<()> {
        let keys: Vec<NameKey> = present.iter().map(|entry| NameKey::of(&entry.full_name)).collect();
        let mut rows: HashMap<(ListKind, &str), EntryRow<'_>> =
            absent.iter().map(|(list, key)| ((*list, key.as_str()), EntryRow::absent(*list, key.as_str()))).collect();
        // Both from one answer: what was found counts. PostgreSQL refuses to touch a row twice in one statement.
        rows.extend(
            present
                .iter()
                .zip(&keys)
                .map(|(entry, key)| Ok(((entry.list, key.as_str()), EntryRow::present(entry, key)?)))
                .collect::<Result<Vec<_>>>()?,
        );
        if rows.is_empty() {
            return Ok(());
        }
        let rows_json = serde_json::to_string(&rows.values().collect::<Vec<_>>())?;
        self.execute_exactly(rows.len(), &UPSERT, values![rows_json, company, now, visit]).await
    }

    /// The entry turned out not to be there, or not to be what was thought; it is looked for again.
    pub(crate) async fn forget(&mut self, company: CompanyId, list: ListKind, key: &NameKey) -> Result<()> {
        self.execute(&FORGET, values![company, list.as_str(), key.as_str()]).await.map(drop)
    }
}

impl<'a> EntryRow<'a> {
    fn present(entry: &'a ListEntry, key: &'a NameKey) -> Result<Self> {
        let facts = (!entry.facts.is_empty()).then(|| serde_json::to_string(&entry.facts)).transpose()?;
        Ok(Self {
            list: entry.list.as_str(),
            name_key: key.as_str(),
            full_name: &entry.full_name,
            list_id: Some(&entry.list_id),
            is_active: i64::from(entry.is_active),
            facts,
            knowledge: "present",
        })
    }

    const fn absent(list: ListKind, key: &'a str) -> Self {
        Self {
            list: list.as_str(),
            name_key: key,
            full_name: key,
            list_id: None,
            is_active: 0,
            facts: None,
            knowledge: "absent",
        }
    }
}

/// Names as the statements take them; nothing where there is none.
fn given<'a>(names: impl Iterator<Item = &'a (ListKind, NameKey)>) -> Result<Option<String>> {
    let names: Vec<Name<'_>> = names.map(|(list, key)| Name { list: list.as_str(), name_key: key.as_str() }).collect();
    if names.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::to_string(&names)?))
}

fn now_called(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

/// So that no letter means more than itself.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

pub(crate) fn read_entry(row: &Row) -> Result<ListEntry> {
    Ok(ListEntry {
        list: row.parse("list")?,
        full_name: row.text("full_name")?,
        list_id: row.text("list_id")?,
        is_active: row.flag("is_active")?,
        facts: row
            .optional_text("facts")?
            .map_or_else(|| Ok(EntryFacts::default()), |facts| read_facts(row, &facts))?,
    })
}

fn read_facts(row: &Row, facts: &str) -> Result<EntryFacts> {
    serde_json::from_str(facts).map_err(|error| row.inconsistent("facts", error))
}

/// The entries on which something of these hangs, as the statement takes them; nothing where there is none.
fn referred_to<'a>(entries: impl Iterator<Item = &'a ListEntry>) -> Result<Option<String>> {
    let others: BTreeSet<(ListKind, &str)> = entries.flat_map(|entry| entry.facts.refers_to()).collect();
    if others.is_empty() {
        return Ok(None);
    }
    let ids: Vec<Id<'_>> = others.into_iter().map(|(list, list_id)| Id { list: list.as_str(), list_id }).collect();
    Ok(Some(serde_json::to_string(&ids)?))
}

/// By their ListIDs.
fn read_others(rows: &[Row]) -> Result<BTreeMap<String, EntryFacts>> {
    rows.iter().map(|row| Ok((row.text("list_id")?, read_facts(row, &row.text("facts")?)?))).collect()
}
