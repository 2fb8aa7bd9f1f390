//! Whether what the API says and what the company file holds agree, record by record and to the cent.

use std::collections::BTreeMap;

use crate::chaos::api::Told;
use crate::chaos::books::{Books, Document};
use crate::chaos::shop::{Handed, Kind};

/// What came of all records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Verdict {
    records: usize,
    submitted: usize,
    needs_attention: usize,
    /// Handed over and unknown to the API, or Submitted and not in QuickBooks.
    lost: usize,
    /// Documents in QuickBooks beyond the first for a record, and answers of the API beyond the first.
    duplicated: usize,
    /// In cents: what was handed over, and of it what QuickBooks has.
    sum_handed: i64,
    sum_in_quickbooks: i64,
    findings: Vec<String>,
}

const FINDINGS_SHOWN: usize = 20;

/// Holds three accounts of the same records against one another.
pub(crate) fn judge(handed: &[Handed], told: &[Told], books: &Books) -> Verdict {
    let mut verdict = Verdict { records: handed.len(), ..Verdict::default() };
    let mut told_of: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for told in told {
        told_of.entry(&told.external_id).or_default().push(told);
    }
    for handed in handed {
        let told = told_of.remove(handed.external_id.as_str()).unwrap_or_default();
        verdict.judge_record(handed, &told, books);
    }
    for stranger in told_of.into_keys() {
        verdict.find(format!("{stranger}: nobody handed it over"));
    }
    verdict.judge_sums(handed, books);
    verdict
}

impl Verdict {
    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) const fn has_duplicates(&self) -> bool {
        self.duplicated > 0
    }

    pub(crate) fn findings_text(&self) -> String {
        let mut lines = vec![format!("{} findings:", self.findings.len())];
        lines.extend(self.findings.iter().take(FINDINGS_SHOWN).map(|finding| format!("  {finding}")));
        lines.join("\n")
    }

    pub(crate) const fn records(&self) -> usize {
        self.records
    }

    pub(crate) const fn lost(&self) -> usize {
        self.lost
    }

    pub(crate) const fn duplicated(&self) -> usize {
        self.duplicated
    }

    pub(crate) fn findings(&self) -> &[String] {
        &self.findings
    }

    fn judge_record(&mut self, handed: &Handed, told: &[&Told], books: &Books) {
        let id = &handed.external_id;
        let documents = books.documents(handed.kind, &handed.number);
        self.sum_handed += handed.cents;
        if documents.len() > 1 {
            self.duplicated += documents.len() - 1;
            self.find(format!("{id}: QuickBooks has it {} times", documents.len()));
        }
        let told = match told {
            [told] => told,
            [] => {
                self.lost += 1;
                return self.find(format!("{id}: the API does not know it"));
            }
            [told, rest @ ..] => {
                self.duplicated += rest.len();
                self.find(format!("{id}: the API has it {} times", rest.len() + 1));
                told
            }
        };
        match (told.status.as_str(), documents) {
            ("submitted", []) => {
                self.lost += 1;
                self.find(format!("{id}: Submitted, but QuickBooks does not have it"));
            }
            ("submitted", [document, ..]) => {
                self.submitted += 1;
                self.compare(handed, told, document, books);
            }
            ("needs_attention", documents) => {
                self.needs_attention += 1;
                let times = documents.len();
                self.find(format!("{id}: needs attention: {}; QuickBooks has it {times} times", told.reason));
            }
            (other, _) => self.find(format!("{id}: it is left {other}")),
        }
    }

    fn compare(&mut self, handed: &Handed, told: &Told, document: &Document, books: &Books) {
        let id = &handed.external_id;
        if told.txn_id.as_ref() != Some(&document.txn_id) {
            self.find(format!("{id}: the API says TxnID {:?}, QuickBooks {}", told.txn_id, document.txn_id));
        }
        if document.cents != Some(handed.cents) {
            self.find(format!("{id}: {} cents became {:?}", handed.cents, document.cents));
        }
        if document.customer != handed.customer {
            self.find(format!("{id}: {} became {}", handed.customer, document.customer));
        }
        let Some(pays) = &handed.pays else { return };
        let invoices = books.documents(Kind::Invoice, pays);
        let is_applied = matches!((invoices, document.pays.as_slice()), ([invoice], [paid]) if invoice.txn_id == *paid);
        if !is_applied {
            self.find(format!("{id}: it does not pay invoice {pays} but {:?}", document.pays));
        }
    }

    /// Nothing may stand in QuickBooks that nobody handed over, and the sums must agree.
    fn judge_sums(&mut self, handed: &[Handed], books: &Books) {
        for kind in [Kind::Invoice, Kind::Payment] {
            let expected = sum(handed.iter().filter(|handed| handed.kind == kind).map(|handed| handed.cents));
            let held = sum(books.all(kind).filter_map(|document| document.cents));
            self.sum_in_quickbooks += held.1;
            if expected != held {
                self.find(format!("{kind:?}s: {expected:?} were handed over, QuickBooks has {held:?} (count, cents)"));
            }
        }
    }

    fn find(&mut self, finding: String) {
        self.findings.push(finding);
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { records, submitted, needs_attention, lost, duplicated, sum_handed, sum_in_quickbooks, .. } = self;
        write!(f, "records={records} submitted={submitted} needs_attention={needs_attention} ")?;
        write!(f, "handed_over_cents={sum_handed} in_quickbooks_cents={sum_in_quickbooks} ")?;
        write!(f, "lost={lost} duplicated={duplicated}")
    }
}

fn sum(cents: impl Iterator<Item = i64>) -> (usize, i64) {
    cents.fold((0, 0), |(count, sum), cents| (count + 1, sum + cents))
}

#[cfg(test)]
mod tests {
    use bookferry_simulator::SplitMix64;

    use super::*;
    use crate::chaos::books::Entry;
    use crate::chaos::shop;

    fn agreeing() -> (Vec<Handed>, Vec<Told>, Vec<Entry>) {
        let handed = shop::records(6, &mut SplitMix64::new(3));
        let txn_id = |kind: Kind, number: &str| format!("{kind:?}-{number}");
        let told = handed.iter().map(|handed| Told {
            id: handed.external_id.clone(),
            external_id: handed.external_id.clone(),
            status: "submitted".to_owned(),
            txn_id: Some(txn_id(handed.kind, &handed.number)),
            reason: String::new(),
        });
        let document = |handed: &Handed| Document {
            txn_id: txn_id(handed.kind, &handed.number),
            customer: handed.customer.clone(),
            cents: Some(handed.cents),
            pays: handed.pays.iter().map(|pays| txn_id(Kind::Invoice, pays)).collect(),
        };
        let documents = handed.iter().map(|handed| (handed.kind, handed.number.clone(), document(handed)));
        let (told, documents) = (told.collect(), documents.collect());
        (handed, told, documents)
    }

    #[test]
    fn what_agrees_is_clean() {
        let (handed, told, documents) = agreeing();
        let verdict = judge(&handed, &told, &Books::of(documents));
        assert!(verdict.is_clean(), "{}", verdict.findings_text());
        assert_eq!((verdict.submitted, verdict.sum_handed), (6, verdict.sum_in_quickbooks));
    }

    /// A checker that cannot find a planted fault proves nothing.
    #[test]
    fn every_planted_fault_is_found() {
        type Plant = fn(&mut Vec<Told>, &mut Vec<Entry>);
        let plants: [(&str, usize, usize, Plant); 9] = [
            ("the API does not know it", 1, 0, |told, _| drop(told.pop())),
            ("the API has it 2 times", 0, 1, |told, _| told.extend_from_within(..1)),
            ("QuickBooks does not have it", 1, 0, |_, documents| drop(documents.pop())),
            ("QuickBooks has it 2 times", 0, 1, |_, documents| documents.extend_from_within(..1)),
            ("it is left sending", 0, 0, |told, _| told[0].status = "sending".to_owned()),
            ("needs attention", 0, 0, |told, _| told[0].status = "needs_attention".to_owned()),
            ("cents became", 0, 0, |_, documents| documents[0].2.cents = Some(1)),
            ("it does not pay invoice", 0, 0, |_, documents| documents[1].2.pays.clear()),
            ("the API says TxnID", 0, 0, |told, _| told[0].txn_id = None),
        ];
        for (finding, lost, duplicated, plant) in plants {
            let (handed, mut told, mut documents) = agreeing();
            plant(&mut told, &mut documents);
            let verdict = judge(&handed, &told, &Books::of(documents));
            assert!(verdict.findings_text().contains(finding), "{finding}: {}", verdict.findings_text());
            assert_eq!((verdict.lost, verdict.duplicated), (lost, duplicated), "{finding}");
        }
    }

    #[test]
    fn a_document_that_nobody_handed_over_is_found() {
        let (handed, told, mut documents) = agreeing();
        documents.push((Kind::Invoice, "4711".to_owned(), documents[0].2.clone()));
        assert!(!judge(&handed, &told, &Books::of(documents)).is_clean());
    }
}
