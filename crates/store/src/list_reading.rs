//! How far each of QuickBooks' lists is read. A list without a row was never asked for, and is due.

use std::collections::HashMap;

use bookferry_sync::id::CompanyId;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::list_reading::{LISTS_READ, ListReading, READ_AGAIN_AFTER, TRY_AGAIN_AFTER};
use bookferry_sync::reconciliation::AGAIN_AFTER;
use jiff::{Timestamp, civil};
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;
use crate::visit::VisitStep;

/// How far a list is read, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListStand {
    pub list: ListKind,
    pub entry_count: u64,
    /// When it was last read to its end.
    pub read_at: Option<Timestamp>,
    /// Whether the next visit asks for it.
    pub is_due: bool,
    /// Whether a long list is being read, and which part of how many is next.
    pub part: Option<usize>,
    /// Why QuickBooks did not give it the last time, in its own words.
    pub trouble: Option<String>,
}

#[derive(Serialize)]
struct IdRow<'a> {
    list_id: &'a str,
    name_key: &'a str,
}

statements! {
    FIND_ALL = both("list_reading.find_all",
        "SELECT list, due_us, part, newest_change, read_us, trouble FROM list_reading WHERE company_id = $1");
    COUNT = both("list_entry.count",
        "SELECT list, COUNT(*) AS entries FROM list_entry WHERE company_id = $1 AND knowledge = 'present' GROUP BY list");
    COUNT_ONE = both("list_entry.count_one",
        "SELECT COUNT(*) AS entries FROM list_entry WHERE company_id = $1 AND list = $2 AND knowledge = 'present'");
    BEGIN_WHOLE = both("list_reading.begin_whole",
        "INSERT INTO list_reading (company_id, list, due_us, began_us) VALUES ($1, $2, 0, $3)
         ON CONFLICT (company_id, list) DO UPDATE SET began_us = COALESCE(list_reading.began_us, excluded.began_us)");
    NOTE_PART = both("list_reading.note_part",
        "UPDATE list_reading SET part = $3, newest_change = $4 WHERE company_id = $1 AND list = $2");
    FINISH = both("list_reading.finish",
        "INSERT INTO list_reading (company_id, list, due_us, newest_change, read_us) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (company_id, list) DO UPDATE SET due_us = excluded.due_us, began_us = NULL, part = NULL,
             newest_change = excluded.newest_change, read_us = excluded.read_us, trouble = NULL");
    /// Once the customers are known, what was submitted can be compared; the first time a day later.
    BEGIN_RECONCILING = both("company.begin_reconciling",
        "UPDATE company SET reconcile_due_us = $2 WHERE id = $1 AND reconcile_due_us IS NULL");
    NOTE_TROUBLE = both("list_reading.note_trouble",
        "INSERT INTO list_reading (company_id, list, due_us, trouble) VALUES ($1, $2, $3, $4)
         ON CONFLICT (company_id, list) DO UPDATE SET due_us = excluded.due_us, trouble = excluded.trouble");
    READ_AGAIN = both("list_reading.read_again", "UPDATE list_reading SET due_us = 0 WHERE company_id = $1");
    /// What a whole reading did not come by is not there any more.
    SWEEP = both("list_entry.sweep",
        "DELETE FROM list_entry WHERE company_id = $1 AND list = $2 AND read_us < (
             SELECT began_us FROM list_reading WHERE company_id = $1 AND list = $3)");
    /// An entry whose name changed stands under its new name as well. PostgreSQL would read the whole text anew for every
    /// entry of the list, unless it is told to do so once.
    FORGET_OLD_NAMES = each("list_entry.forget_old_names",
        "DELETE FROM list_entry WHERE company_id = $1 AND list = $2 AND name_key IN (
             SELECT old.name_key FROM jsonb_each($3) AS given CROSS JOIN list_entry AS old
             WHERE old.company_id = $1 AND old.list = $2 AND old.list_id = given.value->>'list_id'
                 AND old.name_key <> given.value->>'name_key')",
        "WITH given AS MATERIALIZED (
             SELECT value->>'list_id' AS list_id, value->>'name_key' AS name_key FROM jsonb_each($3)),
         old AS MATERIALIZED (
             SELECT l.name_key FROM given CROSS JOIN LATERAL (
                 SELECT e.name_key FROM list_entry AS e
                 WHERE e.company_id = $1 AND e.list = $2 AND e.list_id = given.list_id OFFSET 0) AS l
             WHERE l.name_key <> given.name_key)
         DELETE FROM list_entry WHERE company_id = $1 AND list = $2 AND name_key IN (SELECT name_key FROM old)");
    FORGET_DELETED = both("list_entry.forget_deleted",
        "DELETE FROM list_entry WHERE company_id = $1 AND list = $2 AND list_id IN (
             SELECT given.value->>'list_id' FROM jsonb_each($3) AS given)");
}

impl Store {
    /// How far each list is read, in the order in which people know them.
    pub async fn list_stands(&self, company: CompanyId, now: Timestamp) -> Result<Vec<ListStand>> {
        let counts = self.database.rows(&COUNT, values![company]).await?;
        let counts: HashMap<ListKind, u64> =
            counts.iter().map(|row| Ok((row.parse("list")?, row.count("entries")?))).collect::<Result<_>>()?;
        let rows = self.database.rows(&FIND_ALL, values![company]).await?;
        let read: HashMap<ListKind, ReadingRow> = rows.iter().map(ReadingRow::read).collect::<Result<_>>()?;
        let stand = |list: ListKind| {
            // Tax items come with the other items.
            let asked = if list == ListKind::SalesTaxItem { ListKind::Item } else { list };
            let row = read.get(&asked);
            ListStand {
                list,
                entry_count: counts.get(&list).copied().unwrap_or(0),
                read_at: row.and_then(|row| row.reading.read_at),
                is_due: row.is_none_or(|row| row.due_at <= now),
                part: row.and_then(|row| row.reading.part),
                trouble: row.and_then(|row| row.trouble.clone()),
            }
        };
        Ok(ListKind::ALL.into_iter().map(stand).collect())
    }

    /// Has the next visit read all lists, and a Web Connector that would find nothing to do come in for it.
    pub async fn read_lists_again(&self, company: CompanyId) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        transaction.execute(&READ_AGAIN, values![company]).await?;
        transaction.commit("read_lists_again").await
    }
}

impl VisitStep {
    /// The lists that are to be read now.
    pub async fn lists_due(&mut self, now: Timestamp) -> Result<Vec<ListReading>> {
        let rows = self.transaction.locked().await?.rows(&FIND_ALL, values![self.company.id]).await?;
        let read: HashMap<ListKind, ReadingRow> = rows.iter().map(ReadingRow::read).collect::<Result<_>>()?;
        let due = LISTS_READ.into_iter().filter_map(|list| match read.get(&list) {
            Some(row) if row.due_at > now => None,
            Some(row) => Some(row.reading.clone()),
            None => Some(ListReading::new(list)),
        });
        Ok(due.collect())
    }

    /// A whole reading of the list begins, unless it has begun already.
    pub async fn begin_whole_list(&mut self, list: ListKind, now: Timestamp) -> Result<()> {
        self.transaction
            .locked()
            .await?
            .execute(&BEGIN_WHOLE, values![self.company.id, list.as_str(), now])
            .await
            .map(drop)
    }

    /// Takes what an answer showed of a list: its entries as they are now, and which are gone.
    pub async fn take_list(
        &mut self,
        entries: &[ListEntry],
        deleted: &[(ListKind, String)],
        now: Timestamp,
    ) -> Result<()> {
        let (company, visit) = (self.company.id, self.visit.id);
        for list in ListKind::ALL {
            let of_list: Vec<&ListEntry> = entries.iter().filter(|entry| entry.list == list).collect();
            self.transaction.locked().await?.forget_old_names(company, list, &of_list).await?;
            let gone: Vec<&str> =
                deleted.iter().filter(|(of, _)| *of == list).map(|(_, list_id)| list_id.as_str()).collect();
            self.transaction.locked().await?.forget_deleted(company, list, &gone).await?;
        }
        self.transaction.locked().await?.learn(company, visit, entries, &[], now).await?;
        self.transaction.locked().await?.mark_entries(company, entries).await
    }

    /// A long list is read up to this part.
    pub async fn note_list_part(
        &mut self,
        list: ListKind,
        part: usize,
        newest_change: Option<civil::DateTime>,
    ) -> Result<()> {
        let part = i64::try_from(part).unwrap_or(0);
        let values = values![self.company.id, list.as_str(), part, newest_change.map(|change| change.to_string())];
        self.transaction.locked().await?.execute_exactly(1, &NOTE_PART, values).await
    }

    /// The list is read to its end. After a whole reading, what it did not show is forgotten. Tells how many entries it has.
    pub async fn finish_list(
        &mut self,
        list: ListKind,
        newest_change: Option<civil::DateTime>,
        is_whole: bool,
        now: Timestamp,
    ) -> Result<u64> {
        let company = self.company.id;
        if is_whole {
            self.transaction.locked().await?.execute(&SWEEP, values![company, list.as_str(), list.as_str()]).await?;
            if list == ListKind::Item {
                let tax = ListKind::SalesTaxItem.as_str();
                self.transaction.locked().await?.execute(&SWEEP, values![company, tax, list.as_str()]).await?;
            }
        }
        self.transaction.locked().await?.tie_mappings(company, list).await?;
        if list == ListKind::Item {
            self.transaction.locked().await?.tie_mappings(company, ListKind::SalesTaxItem).await?;
        }
        let due = now.saturating_add(READ_AGAIN_AFTER).unwrap_or(Timestamp::MAX);
        let newest_change = newest_change.map(|change| change.to_string());
        let values = values![company, list.as_str(), due, newest_change, now];
        self.transaction.locked().await?.execute_exactly(1, &FINISH, values).await?;
        if list == ListKind::Customer {
            let due = now.saturating_add(AGAIN_AFTER).unwrap_or(Timestamp::MAX);
            self.transaction.locked().await?.execute(&BEGIN_RECONCILING, values![company, due]).await?;
        }
        let row = self.transaction.locked().await?.row(&COUNT_ONE, values![company, list.as_str()]).await?;
        row.map_or(Ok(0), |row| row.count("entries"))
    }

    /// QuickBooks did not give the list; it is asked for again later.
    pub async fn note_list_trouble(&mut self, list: ListKind, trouble: &str, now: Timestamp) -> Result<()> {
        let due = now.saturating_add(TRY_AGAIN_AFTER).unwrap_or(Timestamp::MAX);
        self.transaction
            .locked()
            .await?
            .execute_exactly(1, &NOTE_TROUBLE, values![self.company.id, list.as_str(), due, trouble])
            .await
    }
}

impl Transaction {
    async fn forget_old_names(&mut self, company: CompanyId, list: ListKind, entries: &[&ListEntry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let keys: Vec<NameKey> = entries.iter().map(|entry| NameKey::of(&entry.full_name)).collect();
        let rows: Vec<IdRow<'_>> = entries
            .iter()
            .zip(&keys)
            .map(|(entry, key)| IdRow { list_id: &entry.list_id, name_key: key.as_str() })
            .collect();
        let values = values![company, list.as_str(), serde_json::to_string(&rows)?];
        self.execute(&FORGET_OLD_NAMES, values).await.map(drop)
    }

    async fn forget_deleted(&mut self, company: CompanyId, list: ListKind, gone: &[&str]) -> Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let rows: Vec<IdRow<'_>> = gone.iter().map(|list_id| IdRow { list_id, name_key: "" }).collect();
        let values = values![company, list.as_str(), serde_json::to_string(&rows)?];
        self.execute(&FORGET_DELETED, values).await.map(drop)
    }
}

struct ReadingRow {
    reading: ListReading,
    due_at: Timestamp,
    trouble: Option<String>,
}

impl ReadingRow {
    fn read(row: &Row) -> Result<(ListKind, Self)> {
        let list: ListKind = row.parse("list")?;
        let newest_change = row.optional_text("newest_change")?;
        let newest_change = newest_change
            .map(|change| change.parse().map_err(|error| row.inconsistent("newest_change", error)))
            .transpose()?;
        let part = row.optional_integer("part")?.and_then(|part| usize::try_from(part).ok());
        let reading = ListReading { list, read_at: row.optional_instant("read_us")?, newest_change, part };
        Ok((list, Self { reading, due_at: row.instant("due_us")?, trouble: row.optional_text("trouble")? }))
    }
}
