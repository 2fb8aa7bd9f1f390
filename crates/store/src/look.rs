//! What visits look at in QuickBooks for a person: what is said to be there, and how documents stand that wait for a decision.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_sync::change::{Reread, Standing};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::look::{Place, Seen, Sought};
use bookferry_sync::need::quickbooks_name;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Posted};
use jiff::Timestamp;
use serde::Serialize;

use crate::database::values;
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{Actor, RecordKey};
use crate::visit::VisitStep;

/// What QuickBooks had when a visit last looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub standing: Reread,
    pub read_at: Timestamp,
}

/// What a person said of a record, and what a visit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The TxnID or the number.
    pub text: String,
    pub asked_by: String,
    /// Why it was not what was said; `None` while no visit has looked.
    pub answer: Option<String>,
}

#[derive(Serialize)]
struct SoughtRow<'a> {
    id: RecordId,
    text: &'a str,
}

#[derive(Serialize)]
struct StandingRow {
    id: RecordId,
    content: String,
}

statements! {
    SEEK = both("sought.save",
        "INSERT INTO sought (record_id, company_id, place, text, asked_us, asked_by)
         SELECT r.id, r.company_id, $3, given.value->>'text', CAST($4 AS BIGINT), $5
         FROM jsonb_each($1) AS given CROSS JOIN record AS r
         WHERE r.id = given.value->>'id' AND r.company_id = $2 AND r.status NOT IN ('sending', 'unconfirmed', 'submitted')
             AND (r.attention IS NULL OR r.attention <> 'differs')
         ON CONFLICT (record_id) DO UPDATE SET place = excluded.place, text = excluded.text, asked_us = excluded.asked_us,
             asked_by = excluded.asked_by, answered_us = NULL, answer = NULL");
    LOOKED = both("sought.of_record",
        "SELECT text, asked_by, answer FROM sought WHERE company_id = $1 AND record_id = $2");
    /// By the customer's name as it is mapped.
    OPEN = both("sought.open",
        "SELECT r.id, r.kind, r.revision, q.place, q.text, COALESCE((
             SELECT COALESCE(e.full_name, m.full_name) FROM mapping AS m
             LEFT JOIN list_entry AS e ON e.company_id = m.company_id AND e.list = m.list AND e.list_id = m.list_id
             JOIN record_name AS n ON n.company_id = m.company_id AND n.list = m.list AND n.name_key = m.name_key
             WHERE m.company_id = r.company_id AND m.list = 'customers' AND n.name = r.customer
             ORDER BY e.read_us DESC LIMIT 1), r.customer) AS customer
         FROM sought AS q JOIN record AS r ON r.id = q.record_id
         WHERE q.company_id = $1 AND q.answered_us IS NULL AND r.status NOT IN ('sending', 'unconfirmed', 'submitted')
             AND (r.attention IS NULL OR r.attention <> 'differs')
         ORDER BY q.record_id LIMIT +$2");
    ANSWER = both("sought.answer", "UPDATE sought SET answered_us = $2, answer = $3 WHERE record_id = $1");
    UNREAD = both("standing.unread",
        "SELECT r.id, r.kind, r.txn_id FROM record AS r LEFT JOIN standing AS s ON s.record_id = r.id
         WHERE r.company_id = $1 AND r.status = 'needs_attention' AND r.txn_id IS NOT NULL
             AND (s.version IS NULL OR s.version <> r.version)
         ORDER BY r.seq LIMIT +$2");
    PAID = both("application.paid",
        "SELECT DISTINCT i.id, i.kind, i.txn_id FROM jsonb_each($2) AS given CROSS JOIN application AS a CROSS JOIN record_key AS k
         JOIN record AS i ON i.seq = k.seq
         WHERE a.payment_id = given.value->>'id' AND a.company_id = $1 AND k.company_id = a.company_id
             AND k.kind = 'invoice' AND k.external_id = a.invoice_external_id AND i.txn_id IS NOT NULL ORDER BY i.id");
    SAVE = both("standing.save",
        "INSERT INTO standing (record_id, company_id, content, read_us, version)
         SELECT r.id, r.company_id, given.value->>'content', CAST($3 AS BIGINT), r.version
         FROM jsonb_each($1) AS given CROSS JOIN record AS r WHERE r.id = given.value->>'id' AND r.company_id = $2
         ON CONFLICT (record_id) DO UPDATE SET content = excluded.content, read_us = excluded.read_us,
             version = excluded.version");
    SHOWN = both("standing.of_record",
        "SELECT content, read_us FROM standing WHERE company_id = $1 AND record_id = $2");
    BALANCES = both("standing.of_invoices",
        "SELECT r.external_id, s.content, s.read_us FROM application AS a
         JOIN record_key AS k ON k.company_id = a.company_id AND k.kind = 'invoice' AND k.external_id = a.invoice_external_id
         JOIN record AS r ON r.seq = k.seq
         JOIN standing AS s ON s.record_id = r.id WHERE a.payment_id = $1");
}

impl Store {
    /// The next visit looks for these records in QuickBooks, by TxnID or by number; those that are on their way or there
    /// already are left out. Returns for how many it will.
    pub async fn seek(
        &self,
        company: CompanyId,
        place: Place,
        records: &[(RecordId, String)],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let rows: Vec<SoughtRow<'_>> = records.iter().map(|(id, text)| SoughtRow { id: *id, text }).collect();
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let place = match place {
            Place::TxnId => "txn_id",
            Place::Number => "number",
        };
        let values = values![serde_json::to_string(&rows)?, company, place, now, actor.who.as_str()];
        let sought = transaction.execute(&SEEK, values).await?;
        transaction.commit("seek").await?;
        Ok(sought)
    }

    /// What was last said of the record's being in QuickBooks.
    pub async fn looked(&self, company: CompanyId, record: RecordId) -> Result<Option<Looked>> {
        let row = self.database.row(&LOOKED, values![company, record]).await?;
        row.map(|row| {
            Ok(Looked {
                text: row.text("text")?,
                asked_by: row.text("asked_by")?,
                answer: row.optional_text("answer")?,
            })
        })
        .transpose()
    }

    /// What QuickBooks had of the record when a visit last looked.
    pub async fn shown(&self, company: CompanyId, record: RecordId) -> Result<Option<Shown>> {
        let row = self.database.row(&SHOWN, values![company, record]).await?;
        row.map(|row| {
            let standing =
                serde_json::from_str(&row.text("content")?).map_err(|error| row.inconsistent("content", error))?;
            Ok(Shown { standing, read_at: row.instant("read_us")? })
        })
        .transpose()
    }

    /// What QuickBooks said is open of the invoices that a payment goes to, in hundred-thousandths, where it was asked after
    /// `since`; by their external_ids.
    pub async fn open_balances(&self, payment: RecordId, since: Timestamp) -> Result<BTreeMap<String, i64>> {
        let rows = self.database.rows(&BALANCES, values![payment]).await?;
        let mut balances = BTreeMap::new();
        for row in &rows {
            let standing: Reread =
                serde_json::from_str(&row.text("content")?).map_err(|error| row.inconsistent("content", error))?;
            if let Reread::Standing(standing) = standing
                && let Standing { balance_e5: Some(balance_e5), .. } = *standing
                && row.instant("read_us")? >= since
            {
                balances.insert(row.text("external_id")?, balance_e5);
            }
        }
        Ok(balances)
    }
}

impl VisitStep {
    /// What people say is in QuickBooks and no visit has looked for.
    pub async fn sought(&mut self, limit: u32) -> Result<Vec<Sought>> {
        if !self.is_sought {
            return Ok(Vec::new());
        }
        let rows = self.transaction.locked().await?.rows(&OPEN, values![self.company.id, i64::from(limit)]).await?;
        let sought = rows.iter().map(|row| {
            Ok(Sought {
                record_id: row.parse("id")?,
                kind: row.parse("kind")?,
                revision: row.integer("revision")?,
                place: if row.text("place")? == "txn_id" { Place::TxnId } else { Place::Number },
                text: row.text("text")?,
                customer: quickbooks_name(&row.text("customer")?),
            })
        });
        sought.collect()
    }

    /// Documents of which nobody knows how they stand now, with their TxnIDs.
    pub async fn unread(&mut self, limit: u32) -> Result<Vec<(RecordId, RecordKind, String)>> {
        let rows = self.transaction.locked().await?.rows(&UNREAD, values![self.company.id, i64::from(limit)]).await?;
        rows.iter().map(|row| Ok((row.parse("id")?, row.parse("kind")?, row.text("txn_id")?))).collect()
    }

    /// The invoices in QuickBooks that these payments go to, with their TxnIDs.
    pub async fn paid_by(&mut self, payments: &BTreeSet<RecordId>) -> Result<Vec<(RecordId, RecordKind, String)>> {
        let keys: Vec<RecordKey> = payments.iter().map(|&id| RecordKey { id }).collect();
        let values = values![self.company.id, serde_json::to_string(&keys)?];
        let rows = self.transaction.locked().await?.rows(&PAID, values).await?;
        rows.iter().map(|row| Ok((row.parse("id")?, row.parse("kind")?, row.text("txn_id")?))).collect()
    }

    /// Keeps how documents stand in QuickBooks, for whoever decides about them.
    pub async fn keep_standing(&mut self, standing: &BTreeMap<RecordId, Reread>, now: Timestamp) -> Result<()> {
        let row = |(id, standing): (&RecordId, &Reread)| {
            Ok(StandingRow { id: *id, content: serde_json::to_string(standing)? })
        };
        let rows: Vec<StandingRow> = standing.iter().map(row).collect::<Result<_>>()?;
        let values = values![serde_json::to_string(&rows)?, self.company.id, now];
        self.transaction.locked().await?.execute(&SAVE, values).await.map(drop)
    }

    /// Keeps what a look came to. What was found counts as submitted, unless its state does not admit that any more.
    pub async fn take_look(&mut self, sought: &[Sought], seen: &Seen, now: Timestamp) -> Result<()> {
        self.keep_standing(&seen.standing, now).await?;
        let found = |(id, txn_id, edit_sequence): &(RecordId, String, String)| {
            let revision = sought.iter().find(|sought| sought.record_id == *id).map_or(1, |sought| sought.revision);
            let posted = Posted { txn_id: txn_id.clone(), edit_sequence: edit_sequence.clone(), revision };
            (*id, Event::AlreadyInQuickBooks(posted))
        };
        let events: Vec<(RecordId, Event)> = seen.found.iter().map(found).collect();
        let answers = seen.found.iter().map(|(id, ..)| (*id, "It is there.".to_owned())).chain(seen.missed.clone());
        for (id, ..) in &seen.found {
            // A message set that may have carried it is not asked about again.
            self.transaction.locked().await?.decide_attempts(*id, "already_in_quickbooks", now).await?;
        }
        for (id, answer) in answers {
            let transaction = self.transaction.locked().await?;
            transaction.execute_exactly(1, &ANSWER, values![id, now, answer]).await?;
        }
        self.apply_events(&events, now).await
    }
}
