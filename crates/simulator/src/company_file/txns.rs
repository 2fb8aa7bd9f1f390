use std::collections::{BTreeMap, HashMap};

use super::node::Node;

/// The kinds of transactions that this company file keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub enum TxnKind {
    Invoice,
    CreditMemo,
    ReceivePayment,
}

impl TxnKind {
    pub const ALL: [Self; 3] = [Self::Invoice, Self::CreditMemo, Self::ReceivePayment];

    /// The word before `AddRq`, and in `TxnDelType`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invoice => "Invoice",
            Self::CreditMemo => "CreditMemo",
            Self::ReceivePayment => "ReceivePayment",
        }
    }

    pub(crate) const fn ret(self) -> &'static str {
        match self {
            Self::Invoice => "InvoiceRet",
            Self::CreditMemo => "CreditMemoRet",
            Self::ReceivePayment => "ReceivePaymentRet",
        }
    }

    /// The element of a line in an answer.
    pub(crate) const fn line_ret(self) -> &'static str {
        match self {
            Self::Invoice => "InvoiceLineRet",
            Self::CreditMemo => "CreditMemoLineRet",
            Self::ReceivePayment => "AppliedToTxnRet",
        }
    }

    /// The element of a group of lines in an answer.
    pub(crate) const fn group_ret(self) -> &'static str {
        match self {
            Self::Invoice => "InvoiceLineGroupRet",
            Self::CreditMemo => "CreditMemoLineGroupRet",
            Self::ReceivePayment => "",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// As QuickBooks calls it in its errors.
    pub(crate) const fn spoken(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditMemo => "credit memo",
            Self::ReceivePayment => "payment",
        }
    }

    pub(crate) const fn order(self) -> &'static [&'static str] {
        match self {
            Self::Invoice => INVOICE_ORDER,
            Self::CreditMemo => CREDIT_MEMO_ORDER,
            Self::ReceivePayment => RECEIVE_PAYMENT_ORDER,
        }
    }
}

/// A transaction as it is answered, and what queries ask of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Txn {
    pub(crate) kind: TxnKind,
    pub(crate) txn_id: String,
    pub(crate) number: i64,
    pub(crate) customer_id: String,
    pub(crate) date: jiff::civil::Date,
    /// In cents, tax included; nothing for a voided or pending document.
    pub(crate) total: i64,
    /// The answer, without what depends on payments.
    pub(crate) node: Node,
}

impl Txn {
    /// From its answer; `None` where that lacks what every transaction has.
    pub(crate) fn from_node(kind: TxnKind, node: Node, total: i64) -> Option<Self> {
        Some(Self {
            kind,
            txn_id: node.text_of("TxnID")?.to_owned(),
            number: node.text_of("TxnNumber")?.parse().ok()?,
            customer_id: node.ref_id("CustomerRef").unwrap_or_default().to_owned(),
            date: node.text_of("TxnDate")?.parse().ok()?,
            total,
            node,
        })
    }

    pub(crate) fn ref_number(&self) -> &str {
        self.node.text_of("RefNumber").unwrap_or_default()
    }

    pub(crate) fn time_modified(&self) -> &str {
        self.node.text_of("TimeModified").unwrap_or_default()
    }
}

/// All transactions, in the order of their creation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Txns {
    by_id: HashMap<String, Txn>,
    by_number: BTreeMap<i64, String>,
    by_ref_number: HashMap<String, Vec<String>>,
}

impl Txns {
    pub(crate) fn put(&mut self, txn: Txn) {
        self.remove(&txn.txn_id);
        self.by_number.insert(txn.number, txn.txn_id.clone());
        self.by_ref_number.entry(txn.ref_number().to_lowercase()).or_default().push(txn.txn_id.clone());
        self.by_id.insert(txn.txn_id.clone(), txn);
    }

    pub(crate) fn remove(&mut self, txn_id: &str) -> Option<Txn> {
        let txn = self.by_id.remove(txn_id)?;
        self.by_number.remove(&txn.number);
        let ref_number = txn.ref_number().to_lowercase();
        if let Some(same) = self.by_ref_number.get_mut(&ref_number) {
            same.retain(|other| other != txn_id);
            if same.is_empty() {
                self.by_ref_number.remove(&ref_number);
            }
        }
        Some(txn)
    }

    pub(crate) fn get(&self, txn_id: &str) -> Option<&Txn> {
        self.by_id.get(txn_id)
    }

    /// Those of that number, in any case; RefNumber is not unique.
    pub(crate) fn by_ref_number(&self, ref_number: &str) -> impl Iterator<Item = &Txn> {
        let ids = self.by_ref_number.get(&ref_number.to_lowercase());
        ids.into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Txn> {
        self.by_number.values().filter_map(|id| self.by_id.get(id))
    }
}

const INVOICE_ORDER: &[&str] = &[
    "TxnID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "TxnNumber",
    "CustomerRef",
    "ClassRef",
    "ARAccountRef",
    "TemplateRef",
    "TxnDate",
    "RefNumber",
    "BillAddress",
    "BillAddressBlock",
    "ShipAddress",
    "ShipAddressBlock",
    "IsPending",
    "IsFinanceCharge",
    "PONumber",
    "TermsRef",
    "DueDate",
    "SalesRepRef",
    "FOB",
    "ShipDate",
    "ShipMethodRef",
    "Subtotal",
    "ItemSalesTaxRef",
    "SalesTaxPercentage",
    "SalesTaxTotal",
    "AppliedAmount",
    "BalanceRemaining",
    "Memo",
    "IsPaid",
    "CustomerMsgRef",
    "IsToBePrinted",
    "IsToBeEmailed",
    "CustomerSalesTaxCodeRef",
    "Other",
    "ExternalGUID",
    "LinkedTxn",
    "InvoiceLineRet",
    "InvoiceLineGroupRet",
    "DataExtRet",
];

const CREDIT_MEMO_ORDER: &[&str] = &[
    "TxnID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "TxnNumber",
    "CustomerRef",
    "ClassRef",
    "ARAccountRef",
    "TemplateRef",
    "TxnDate",
    "RefNumber",
    "BillAddress",
    "BillAddressBlock",
    "ShipAddress",
    "ShipAddressBlock",
    "IsPending",
    "PONumber",
    "TermsRef",
    "DueDate",
    "SalesRepRef",
    "FOB",
    "ShipDate",
    "ShipMethodRef",
    "Subtotal",
    "ItemSalesTaxRef",
    "SalesTaxPercentage",
    "SalesTaxTotal",
    "TotalAmount",
    "CreditRemaining",
    "Memo",
    "CustomerMsgRef",
    "IsToBePrinted",
    "IsToBeEmailed",
    "CustomerSalesTaxCodeRef",
    "Other",
    "ExternalGUID",
    "LinkedTxn",
    "CreditMemoLineRet",
    "CreditMemoLineGroupRet",
    "DataExtRet",
];

const RECEIVE_PAYMENT_ORDER: &[&str] = &[
    "TxnID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "TxnNumber",
    "CustomerRef",
    "ARAccountRef",
    "TxnDate",
    "RefNumber",
    "TotalAmount",
    "PaymentMethodRef",
    "Memo",
    "DepositToAccountRef",
    "UnusedPayment",
    "UnusedCredits",
    "ExternalGUID",
    "AppliedToTxnRet",
    "DataExtRet",
];
