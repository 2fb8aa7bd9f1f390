//! The reading side: turns a source file into prepared documents. Runs on a thread of its own, beside the database.

use std::io::BufReader;
use std::path::PathBuf;

use anyhow::Context;
use indicatif::ProgressBar;

use bookferry_sync::record::{Content, RecordKind};

use super::derived_payment::derive;
use super::document::{Document, Rows};
use super::invoice::InvoiceMaker;
use super::mapping::Mapping;
use super::ndjson::NdjsonRecords;
use super::prepared::{HandOver, Origin, Prepared, check};
use super::refusal::{Reason, Refusal};
use super::source::{self, SourceForm};

/// What is to be read, and how.
pub(crate) struct Reading {
    pub(crate) path: PathBuf,
    pub(crate) form: SourceForm,
    /// Always there for CSV.
    pub(crate) mapping: Option<Mapping>,
    pub(crate) derive_payments: bool,
}

/// What the reader found besides the documents.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Notes {
    pub(crate) windows_1252_cells: u64,
}

impl Reading {
    /// Gives every document to `each`, in order; stops early when `each` says no more is wanted.
    pub(crate) fn run(
        &self,
        progress: &ProgressBar,
        mut each: impl FnMut(Prepared) -> Continue,
    ) -> anyhow::Result<Notes> {
        match (&self.mapping, self.form) {
            (Some(mapping), SourceForm::Csv) => self.run_csv(mapping, progress, &mut each),
            _ => self.run_ndjson(progress, &mut each),
        }
    }

    fn run_csv(
        &self,
        mapping: &Mapping,
        progress: &ProgressBar,
        each: &mut dyn FnMut(Prepared) -> Continue,
    ) -> anyhow::Result<Notes> {
        let reading = || format!("reading {}", self.path.display());
        let counting = source::open(&self.path, &ProgressBar::hidden())?;
        let counts = Rows::open(counting, mapping).and_then(Rows::count).with_context(reading)?;
        let mut documents = Rows::open(source::open(&self.path, progress)?, mapping)?.documents(counts);
        while let Some(document) = documents.next_document().with_context(reading)? {
            let maker = InvoiceMaker { mapping, bound: &documents.rows.bound };
            if each(self.prepare(&maker, &document)) == Continue::No {
                break;
            }
        }
        Ok(Notes { windows_1252_cells: documents.rows.windows_1252_cells })
    }

    fn prepare(&self, maker: &InvoiceMaker<'_>, document: &Document) -> Prepared {
        let lines = document.rows.iter().map(|row| row.line).collect();
        let origin = Origin { number: document.number.clone(), lines };
        Prepared { origin, cents: maker.cents_readable(document), outcome: self.hand_over(maker, document) }
    }

    fn hand_over(&self, maker: &InvoiceMaker<'_>, document: &Document) -> Result<HandOver, Refusal> {
        let named = maker.make(document)?;
        let json = serde_json::to_value(&named.invoice)
            .map_err(|error| Refusal::new(Reason::NotARecord, error.to_string()))?;
        let content = check(RecordKind::Invoice, &named.external_id, &json)?;
        let derived = match &content {
            Content::Invoice(invoice) if self.derive_payments => {
                derive(&maker.mapping.payment, invoice, &named.external_id)?
            }
            Content::Invoice(_) | Content::Payment(_) => None,
        };
        Ok(HandOver { external_id: named.external_id, content, derived })
    }

    fn run_ndjson(&self, progress: &ProgressBar, each: &mut dyn FnMut(Prepared) -> Continue) -> anyhow::Result<Notes> {
        let mut records = NdjsonRecords::new(BufReader::new(source::open(&self.path, progress)?));
        while let Some(prepared) = records.next_record().with_context(|| format!("reading {}", self.path.display()))? {
            if each(prepared) == Continue::No {
                break;
            }
        }
        Ok(Notes::default())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Continue {
    Yes,
    No,
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use indicatif::ProgressBar;
    use proptest::prelude::*;

    use super::{Continue, Reading};
    use crate::import::mapping::Mapping;
    use crate::import::prepared::Prepared;
    use crate::import::source::SourceForm;

    const MAPPING: &str = r#"
        [invoice]
        number = "{no}"
        date = "{date}"
        customer = "{customer}"
        sales_tax = { item = "State Tax", amount = "{tax}" }
        [line]
        item = "{item}"
        quantity = "{qty}"
        rate = "{rate}"
        [refuse]
        zero_total = true
        number_prefix.C = "a cancellation"
    "#;

    fn read(csv: &[u8], mapping: &str) -> Vec<Prepared> {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(csv).unwrap();
        read_file(file.path(), mapping)
    }

    fn read_file(path: &Path, mapping: &str) -> Vec<Prepared> {
        let mapping = Some(Mapping::parse(mapping).unwrap());
        let reading =
            Reading { path: path.to_owned(), form: SourceForm::of(path).unwrap(), mapping, derive_payments: true };
        let mut all = Vec::new();
        reading
            .run(&ProgressBar::hidden(), |prepared| {
                all.push(prepared);
                Continue::Yes
            })
            .unwrap();
        all
    }

    fn shown(prepared: &[Prepared]) -> String {
        let line = |prepared: &Prepared| {
            let Prepared { origin, cents, outcome } = prepared;
            let outcome = match outcome {
                Ok(taken) => format!("{} {}", taken.external_id, taken.content.to_json().unwrap()),
                Err(refusal) => format!("{}: {}", refusal.reason, refusal.detail),
            };
            format!("{} [{}] {cents}: {outcome}", origin.number, origin.lines_text())
        };
        prepared.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_small_shop_reads_as_its_mapping_says() {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        let mapping = std::fs::read_to_string(examples.join("small-shop.toml")).unwrap();
        insta::assert_snapshot!(shown(&read_file(&examples.join("small-shop.csv"), &mapping)));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        let csv = "no,date,customer,item,qty,rate,tax\n\
            1,2026-11-02,Acme,A,1,1.00\n\
            2,2026-11-02,Acme,A,one,1.00,\n\
            3,2026-11-02,Acme,A,1,0.123456,\n\
            4,2026-11-02,Acme,A,1,,\n\
            5,2026-11-02,Acme,A,1,1.00,\n\
            5,2026-11-03,Acme,A,1,1.00,\n\
            6,2026-11-02,Acme,A,1,1.00,\n\
            6,2026-11-02,Other,A,1,1.00,\n\
            7,2026-11-02,Acme,A,9999999999,9999999999,\n\
            8,2026-11-02,,A,1,1.00,\n\
            9,2026-11-02,Acme,A,0,1.00,\n\
            C10,2026-11-02,Acme,A,-1,1.00,\n\
            11,soon,Acme,A,1,1.00,\n";
        insta::assert_snapshot!(shown(&read(csv.as_bytes(), MAPPING)));
    }

    #[test]
    fn old_exports_and_marked_files_are_read_as_text() {
        let csv = b"\xef\xbb\xbfno,date,customer,item,qty,rate,tax\r\n\
            1,2026-11-02,M\xfcller \x80,\"A \"\"b\"\",\r\nc\",1,1.00,\r\n2,2026-11-02,Zo\xc3\xab,A,1,1.00,\r\n";
        insta::assert_snapshot!(shown(&read(csv, MAPPING)));
    }

    proptest! {
        /// Whatever the file holds, and however its lines are shuffled, its documents are worth what its lines are.
        #[test]
        fn no_cent_is_lost(
            rows in prop::collection::vec((0_u32..40, -9_i64..50, 0_i64..1_000_000, any::<bool>()), 0..120),
        ) {
            let mut csv = "no,date,customer,item,qty,rate,tax\n".to_owned();
            let mut cents = 0_i128;
            for &(number, quantity, rate_e3, is_cancelled) in &rows {
                let prefix = if is_cancelled { "C" } else { "" };
                let (whole, fraction) = (rate_e3 / 1000, rate_e3 % 1000);
                csv.push_str(&format!("{prefix}{number},2026-11-02,Acme,A,{quantity},{whole}.{fraction:03},\n"));
                let tenths = i128::from(quantity * rate_e3);
                cents += (tenths.abs() + 5) / 10 * tenths.signum();
            }
            let prepared = read(csv.as_bytes(), MAPPING);
            prop_assert_eq!(prepared.iter().map(|one| one.cents).sum::<i128>(), cents);
            prop_assert_eq!(prepared.iter().map(|one| one.origin.lines.len()).sum::<usize>(), rows.len());
            for one in &prepared {
                if let Ok(taken) = &one.outcome {
                    prop_assert_eq!(i128::from(taken.content.amount().cents()), one.cents);
                    let (_, payment) = taken.derived.as_ref().unwrap();
                    prop_assert_eq!(payment.amount(), taken.content.amount());
                }
            }
        }
    }
}
