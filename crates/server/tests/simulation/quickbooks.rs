//! What befalls QuickBooks itself, beside its message sets.

use bookferry_simulator::company_file::CompanyFile;
use bookferry_sync::record::{Content, RecordKind};

use crate::ledger::{Document, Ledger};
use crate::world::World;

const SESSION_LOST: &str = "0x8004040D";

impl World<'_> {
    /// QuickBooks is closed and opened again; sessions with it are over.
    pub(crate) fn restart_quickbooks(&mut self) {
        self.counters.strike("restart");
        self.file.restart();
    }

    /// The company file goes back to its own backup, and with it QuickBooks' memory of message sets.
    pub(crate) fn restore_company_file(&mut self, backup: &CompanyFile) {
        self.counters.strike("restored-company-file");
        let before = Ledger::read(&self.file, self.now());
        self.file = backup.snapshot();
        let after = Ledger::read(&self.file, self.now());
        self.gone.extend(before.txn_ids().difference(&after.txn_ids()).cloned());
        let as_it_was = |document: &&Document| before.document(&document.txn_id) == Some(document);
        let gone_back = after.documents.iter().filter(|document| !as_it_was(document));
        self.gone_back.extend(gone_back.map(|document| document.txn_id.clone()));
    }

    /// QuickBooks falls over and remembers no message set.
    pub(crate) fn forget_message_sets(&mut self) {
        self.file.restart();
        self.file.forget_stored_states();
    }

    /// Somebody writes a memo on a document, which leaves all else as it is, but for the EditSequence.
    pub(crate) fn write_memo_by_hand(&mut self) {
        let documents = Ledger::read(&self.file, self.now()).documents;
        if documents.is_empty() {
            return;
        }
        let Document { kind, txn_id, edit_sequence, .. } = &documents[self.choose(documents.len())];
        let word = match kind {
            RecordKind::Invoice => "Invoice",
            RecordKind::Payment => "ReceivePayment",
        };
        let memo = self.counters.deeds;
        self.do_by_hand(&format!(
            "<{word}ModRq><{word}Mod><TxnID>{txn_id}</TxnID><EditSequence>{edit_sequence}</EditSequence>\
             <Memo>Note {memo}</Memo></{word}Mod></{word}ModRq>"
        ));
        self.noted.insert(txn_id.clone());
    }

    /// A QuickBooks that is about to fall over does so here, too; what it has done by then is there.
    fn do_by_hand(&mut self, request: &str) {
        let qbxml = format!(
            "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"stopOnError\">{request}\
             </QBXMLMsgsRq></QBXML>"
        );
        let session = self.file.begin_session("").expect("a session");
        let now = self.now();
        if let Err(error) = self.file.process_request(session, &qbxml, now) {
            assert_eq!(error.hresult, SESSION_LOST, "what QuickBooks can read");
        }
        self.file.end_session(session);
    }

    /// Somebody types an invoice into QuickBooks that Bookferry has, too.
    pub(crate) fn type_by_hand(&mut self, index: usize) {
        let Content::Invoice(invoice) = &self.handed[index].newest().content else { return };
        let lines: String = invoice
            .lines
            .iter()
            .map(|line| {
                let item = line.item.as_deref().unwrap_or_default();
                format!(
                    "<InvoiceLineAdd><ItemRef><FullName>{item}</FullName></ItemRef><Amount>{}</Amount>\
                     <SalesTaxCodeRef><FullName>Tax</FullName></SalesTaxCodeRef></InvoiceLineAdd>",
                    line.amount
                )
            })
            .collect();
        let request = format!(
            "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>{}</FullName></CustomerRef><TxnDate>{}</TxnDate>\
             <RefNumber>{}</RefNumber><ItemSalesTaxRef><FullName>State Tax</FullName></ItemSalesTaxRef>{lines}\
             </InvoiceAdd></InvoiceAddRq>",
            invoice.customer.name, invoice.date, invoice.number
        );
        let before = Ledger::read(&self.file, self.now()).txn_ids();
        self.do_by_hand(&request);
        let after = Ledger::read(&self.file, self.now()).txn_ids();
        // Where customer or items are not there yet, QuickBooks refuses, and nothing was typed.
        let typed: Vec<String> = after.difference(&before).cloned().collect();
        if !typed.is_empty() {
            self.counters.strike("typed-by-hand");
            self.typed.extend(typed);
        }
    }
}
