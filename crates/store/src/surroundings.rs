//! What stands around records that are looked at before they go: the entries they name, others with their number, and the
//! invoices that payments go to. Five statements for any number of records.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_qbxml::value::Amount;
use bookferry_sync::company::{Books, Company};
use bookferry_sync::id::CompanyId;
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::mapping::names;
use bookferry_sync::need::needs_to_know;
use bookferry_sync::plan::Known;
use bookferry_sync::preflight::{Namesake, PaidInvoice, Surroundings};
use bookferry_sync::record::{Content, RecordKind};
use serde::Serialize;

use crate::database::{Row, values};
use crate::error::Result;
use crate::number_key::number_key;
use crate::statement::statements;
use crate::store::Store;

statements! {
    LISTS_READ = both("list_reading.read_to_the_end",
        "SELECT list FROM list_reading WHERE company_id = $1 AND read_us IS NOT NULL");
    /// Of several, the one that came first: its status and its external_id, in one text so that one
    /// probe does. Nothing but the number is asked of the keys: one customer may have most of the records.
    NAMESAKES = both("record.namesakes",
        "SELECT given.value->>'kind' AS kind, given.value->>'external_id' AS external_id, (
             SELECT r.status || ' ' || r.external_id FROM record_key AS k CROSS JOIN record AS r
             WHERE k.company_id = $1 AND k.kind = given.value->>'kind' AND k.number_key = given.value->>'number_key'
                 AND r.seq = k.seq AND r.number = given.value->>'number' AND r.customer || '' = given.value->>'customer'
                 AND r.external_id <> given.value->>'external_id' AND r.status <> 'excluded'
             ORDER BY k.seq LIMIT 1
         ) AS other FROM jsonb_each($2) AS given");
    PAID_INVOICES = both("record.paid_invoices",
        "SELECT given.value->>'payment' AS payment, r.external_id, r.number, r.customer, r.amount_e5, r.status,
             newest.voided, (
                 SELECT CAST(COALESCE(SUM(a.amount_e5), 0) AS BIGINT)
                 FROM application AS a JOIN record AS p ON p.id = a.payment_id
                 WHERE a.company_id = $1 AND a.invoice_external_id = r.external_id AND p.status <> 'excluded'
                     AND p.external_id <> given.value->>'payment' AND p.seq < (
                         SELECT COALESCE(MAX(own.seq), 9223372036854775807) FROM record_key AS own
                         WHERE own.company_id = $1 AND own.kind = 'payment'
                             AND own.external_id = given.value->>'payment')
             ) AS paid_before_e5
         FROM jsonb_each($2) AS given CROSS JOIN record_key AS k JOIN record AS r ON r.seq = k.seq
         JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE k.company_id = $1 AND k.kind = 'invoice' AND k.external_id = given.value->>'invoice'");
}

#[derive(Serialize)]
struct NumberRow<'a> {
    kind: &'static str,
    external_id: &'a str,
    number: &'a str,
    number_key: String,
    customer: &'a str,
}

#[derive(Serialize)]
struct PartRow<'a> {
    payment: &'a str,
    invoice: &'a str,
}

impl Store {
    /// What stands around these records, each with its external_id; whether they are stored already makes no difference.
    pub async fn surroundings(&self, company: &Company, records: &[(&str, &Content)]) -> Result<Surroundings> {
        let mut surroundings = Surroundings::default();
        if records.is_empty() {
            return Ok(surroundings);
        }
        surroundings.lists_read = self.lists_read(company.id).await?;
        surroundings.namesakes = self.namesakes(company.id, records).await?;
        surroundings.invoices = self.paid_invoices(company.id, records).await?;
        let customers = surroundings.invoices.values().map(|invoice| (ListKind::Customer, invoice.customer.as_str()));
        let named = records.iter().flat_map(|(_, content)| names(content)).chain(customers);
        surroundings.mappings = self.mappings_of(company.id, named).await?;
        for invoice in surroundings.invoices.values_mut() {
            if let Some(entry) = surroundings.mappings.entry(ListKind::Customer, &invoice.customer) {
                invoice.customer = entry.to_owned();
            }
        }
        if !surroundings.lists_read.is_empty() {
            surroundings.known = self.entries_named(company, &surroundings, records).await?;
        }
        Ok(surroundings)
    }

    async fn lists_read(&self, company: CompanyId) -> Result<BTreeSet<ListKind>> {
        let rows = self.database.rows(&LISTS_READ, values![company]).await?;
        let mut read: BTreeSet<ListKind> = rows.iter().map(|row| row.parse("list")).collect::<Result<_>>()?;
        // Tax items come with the other items.
        if read.contains(&ListKind::Item) {
            read.insert(ListKind::SalesTaxItem);
        }
        Ok(read)
    }

    async fn entries_named(
        &self,
        company: &Company,
        surroundings: &Surroundings,
        records: &[(&str, &Content)],
    ) -> Result<Known> {
        let unread = Books::default();
        let books = company.books.as_ref().unwrap_or(&unread);
        let named: BTreeSet<(ListKind, NameKey)> = records
            .iter()
            .map(|(_, content)| surroundings.mappings.apply((*content).clone()))
            .flat_map(|(content, _)| needs_to_know(&content, &company.settings, books))
            .map(|need| need.key())
            .flat_map(|(list, key)| with_names_shared(list, &key))
            .filter(|(list, _)| surroundings.lists_read.contains(list))
            .collect();
        self.knowledge_of(company.id, &named).await
    }

    async fn namesakes(
        &self,
        company: CompanyId,
        records: &[(&str, &Content)],
    ) -> Result<BTreeMap<(RecordKind, String), Namesake>> {
        let given: Vec<NumberRow<'_>> =
            records.iter().map(|(external_id, content)| NumberRow::of(external_id, content)).collect();
        let rows = self.database.rows(&NAMESAKES, values![company, serde_json::to_string(&given)?]).await?;
        let mut namesakes = BTreeMap::new();
        for row in &rows {
            let Some(other) = row.optional_text("other")? else { continue };
            let (status, external_id) = other.split_once(' ').ok_or_else(|| row.inconsistent("other", "no status"))?;
            let status = status.parse().map_err(|error| row.inconsistent("other", error))?;
            let namesake = Namesake { external_id: external_id.to_owned(), status };
            namesakes.insert((row.parse("kind")?, row.text("external_id")?), namesake);
        }
        Ok(namesakes)
    }

    async fn paid_invoices(
        &self,
        company: CompanyId,
        records: &[(&str, &Content)],
    ) -> Result<BTreeMap<(String, String), PaidInvoice>> {
        let mut given = Vec::new();
        for (payment, content) in records {
            given.extend(content.applied_to().iter().map(|part| PartRow { payment, invoice: &part.invoice }));
        }
        if given.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self.database.rows(&PAID_INVOICES, values![company, serde_json::to_string(&given)?]).await?;
        let invoice = |row: &Row| {
            let invoice = PaidInvoice {
                number: row.text("number")?,
                customer: row.text("customer")?,
                total: Amount::from_e5(row.integer("amount_e5")?)
                    .map_err(|error| row.inconsistent("amount_e5", error))?,
                status: row.parse("status")?,
                voided: row.flag("voided")?,
                paid_before_e5: row.integer("paid_before_e5")?,
            };
            Ok(((row.text("payment")?, row.text("external_id")?), invoice))
        };
        rows.iter().map(invoice).collect()
    }
}

/// The name itself, and its first part in the lists that share their names with this one.
fn with_names_shared(list: ListKind, key: &NameKey) -> impl Iterator<Item = (ListKind, NameKey)> + use<> {
    let first = key.first_part();
    let shared = list.names_shared_with().iter().map(move |&other| (other, first.clone()));
    std::iter::once((list, key.clone())).chain(shared)
}

impl<'a> NumberRow<'a> {
    fn of(external_id: &'a str, content: &'a Content) -> Self {
        let number = content.number();
        let (kind, customer) = (content.kind().as_str(), content.customer().name.as_str());
        Self { kind, external_id, number, number_key: number_key(number), customer }
    }
}
