use super::doing::missing;
use crate::company_file::document::is_line;
use crate::company_file::node::Node;
use crate::company_file::txns::{Txn, TxnKind};
use crate::company_file::{CompanyFile, SetupError, money};

impl CompanyFile {
    /// What a Mod says to have the document come to so many cents: of an invoice before sales tax, by its first line with an
    /// amount; of a payment by the money, of which the invoices that it paid last get less where it is not enough.
    pub(super) fn with_amount(&self, txn: &Txn, cents: i64) -> Result<Vec<Node>, SetupError> {
        if txn.kind == TxnKind::ReceivePayment {
            return Ok(self.payment_of(txn, cents));
        }
        let first = txn.node.children.iter().position(|line| is_line(&line.name) && line.child("Amount").is_some());
        let first = first.ok_or_else(|| missing("line with an amount in invoice", txn.ref_number()))?;
        let more = cents - money::cents(&txn.node, "Subtotal").unwrap_or(0);
        let lines = txn.node.children.iter().enumerate().filter(|(_, line)| is_line(&line.name));
        let modified = lines.map(|(place, line)| {
            let name = if line.name.contains("LineGroup") { "InvoiceLineGroupMod" } else { "InvoiceLineMod" };
            let mut fields = vec![Node::leaf("TxnLineID", line.text_of("TxnLineID").unwrap_or_default())];
            if place == first {
                let amount = money::cents(line, "Amount").unwrap_or(0) + more;
                fields.push(Node::leaf("Amount", money::amount(amount)));
            }
            Node::with(name, fields)
        });
        Ok(modified.collect())
    }

    fn payment_of(&self, txn: &Txn, cents: i64) -> Vec<Node> {
        let mut left = cents;
        let mut fields = vec![Node::leaf("TotalAmount", money::amount(cents))];
        fields.extend(self.books.ledger.links_from(&txn.txn_id).map(|(charge, link)| {
            let paid = link.amount.min(left);
            left -= paid;
            let amount = Node::leaf("PaymentAmount", money::amount(paid));
            Node::with("AppliedToTxnMod", vec![Node::leaf("TxnID", charge), amount])
        }));
        fields
    }
}
