use bookferry_qbxml::message::address::Address;
use bookferry_qbxml::message::invoice::{InvoiceLineRet, InvoiceRet, InvoiceRetLine};
use bookferry_qbxml::message::receive_payment::ReceivePaymentRet;
use bookferry_qbxml::value::{Amount, Quantity, Ref};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A document as it stands in QuickBooks: what of it can be compared with ours, and what a change has to name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    pub edit_sequence: String,
    pub customer: String,
    pub number: String,
    pub date: Option<Date>,
    pub due_date: Option<Date>,
    pub terms: String,
    pub po_number: String,
    pub memo: String,
    /// Its parts, one a line.
    #[serde(default)]
    pub bill_address: String,
    pub tax_item: String,
    pub lines: Vec<StandingLine>,
    /// An invoice's total with its sales tax, in hundred-thousandths.
    #[serde(default)]
    pub total_e5: Option<i64>,
    /// What is open of an invoice, in hundred-thousandths.
    #[serde(default)]
    pub balance_e5: Option<i64>,
    /// A payment's amount, in hundred-thousandths.
    pub amount_e5: Option<i64>,
    pub method: String,
    pub deposit_to: String,
    /// What a payment pays, by the TxnIDs of invoices, in hundred-thousandths.
    pub applied: Vec<(String, i64)>,
}

/// A line as it stands; of a group of items only that it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingLine {
    pub txn_line_id: String,
    pub is_group: bool,
    pub item: String,
    pub description: String,
    pub quantity: String,
    #[serde(default)]
    pub class: String,
    pub amount_e5: Option<i64>,
}

impl Standing {
    pub(crate) fn of_invoice(ret: &InvoiceRet) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Self {
            edit_sequence: ret.edit_sequence.to_string(),
            customer: name(ret.customer_ref.as_ref()),
            number: text(ret.ref_number.as_ref().map(AsRef::as_ref)),
            date: ret.txn_date.map(|date| date.0),
            due_date: ret.due_date.map(|date| date.0),
            terms: name(ret.terms_ref.as_ref()),
            po_number: text(ret.po_number.as_ref().map(AsRef::as_ref)),
            memo: text(ret.memo.as_ref().map(AsRef::as_ref)),
            bill_address: ret.bill_address.as_ref().map(address).unwrap_or_default(),
            tax_item: name(ret.item_sales_tax_ref.as_ref()),
            lines: ret.lines.iter().map(StandingLine::of).collect(),
            total_e5: ret
                .subtotal
                .map(|subtotal| subtotal.e5().saturating_add(ret.sales_tax_total.map_or(0, Amount::e5))),
            balance_e5: ret.balance_remaining.map(Amount::e5),
            ..Self::default()
        }
    }

    pub(crate) fn of_payment(ret: &ReceivePaymentRet) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let applied = ret.applied_to_txn_ret.iter();
        let applied = applied.map(|part| (part.txn_id.to_string(), part.amount.map_or(0, Amount::e5)));
        Self {
            edit_sequence: ret.edit_sequence.to_string(),
            customer: name(ret.customer_ref.as_ref()),
            number: text(ret.ref_number.as_ref().map(AsRef::as_ref)),
            date: ret.txn_date.map(|date| date.0),
            memo: text(ret.memo.as_ref().map(AsRef::as_ref)),
            amount_e5: ret.total_amount.map(Amount::e5),
            method: name(ret.payment_method_ref.as_ref()),
            deposit_to: name(ret.deposit_to_account_ref.as_ref()),
            applied: applied.collect(),
            ..Self::default()
        }
    }
}

impl Standing {
    /// Whether it was voided: it stands there with amounts of zero (qbxml.md section 10.10).
    pub(crate) fn is_void(&self) -> bool {
        let is_zero = |amount: Option<i64>| amount.unwrap_or(0) == 0;
        is_zero(self.amount_e5) && self.lines.iter().all(|line| is_zero(line.amount_e5))
    }
}

impl StandingLine {
    fn of(line: &InvoiceRetLine) -> Self {
        match line {
            InvoiceRetLine::Line(line) => Self::of_line(line),
            InvoiceRetLine::Group(group) => Self {
                txn_line_id: group.txn_line_id.to_string(),
                is_group: true,
                item: name(Some(&group.item_group_ref)),
                description: String::new(),
                quantity: String::new(),
                class: String::new(),
                amount_e5: None,
            },
        }
    }

    fn of_line(line: &InvoiceLineRet) -> Self {
        Self {
            txn_line_id: line.txn_line_id.to_string(),
            is_group: false,
            item: name(line.item_ref.as_ref()),
            description: line.desc.as_ref().map(ToString::to_string).unwrap_or_default(),
            quantity: line.quantity.as_ref().map(Quantity::to_string).unwrap_or_default(),
            class: name(line.class_ref.as_ref()),
            amount_e5: line.amount.map(Amount::e5),
        }
    }
}

fn address(address: &Address) -> String {
    let lines = [&address.addr1, &address.addr2, &address.addr3, &address.addr4, &address.addr5];
    let parts = lines.into_iter().flatten().map(|line| line.as_str().to_owned());
    let city = address.city.iter().map(|city| city.as_str().to_owned());
    let state = address.state.iter().map(|state| state.as_str().to_owned());
    let postal_code = address.postal_code.iter().map(|code| code.as_str().to_owned());
    let country = address.country.iter().map(|country| country.as_str().to_owned());
    parts.chain(city).chain(state).chain(postal_code).chain(country).collect::<Vec<_>>().join("\n")
}

fn name<const MAX: usize>(reference: Option<&Ref<MAX>>) -> String {
    reference.and_then(Ref::name).unwrap_or_default().to_owned()
}
