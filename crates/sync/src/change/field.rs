#![expect(clippy::wildcard_enum_match_arm, reason = "a document of one kind has only some of the fields")]

use std::collections::{BTreeMap, BTreeSet};

use bookferry_qbxml::value::{Amount, Quantity, transliterate};

use super::Standing;
use super::standing::StandingLine;
use crate::list::NameKey;
use crate::need::quickbooks_name;
use crate::record::{Address, Content, Customer, Invoice, Line, Payment};

/// What can change of a document, as far as Bookferry writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Customer,
    Date,
    Number,
    /// Only ever compared with an earlier revision: QuickBooks lays addresses out anew.
    BillAddress,
    DueDate,
    Terms,
    PoNumber,
    Memo,
    TaxItem,
    /// Items, quantities, rates and amounts, and which lines are taxed.
    Lines,
    Method,
    DepositTo,
    /// A payment's amount, and what it pays.
    Amount,
}

impl Field {
    pub(super) const ALL: [Self; 13] = [
        Self::Customer,
        Self::Date,
        Self::Number,
        Self::BillAddress,
        Self::DueDate,
        Self::Terms,
        Self::PoNumber,
        Self::Memo,
        Self::TaxItem,
        Self::Lines,
        Self::Method,
        Self::DepositTo,
        Self::Amount,
    ];

    /// In a sentence.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Date => "date",
            Self::Number => "number",
            Self::BillAddress => "billing address",
            Self::DueDate => "due date",
            Self::Terms => "terms",
            Self::PoNumber => "P.O. number",
            Self::Memo => "memo",
            Self::TaxItem => "sales tax item",
            Self::Lines => "lines",
            Self::Method => "payment method",
            Self::DepositTo => "deposit account",
            Self::Amount => "amount",
        }
    }

    /// What differs between two revisions.
    pub fn changed(before: &Content, now: &Content) -> BTreeSet<Self> {
        let address = |content: &Content| content.customer().billing_address.clone();
        let is_changed = |field: &Self| match (*field, before, now) {
            (Self::BillAddress, _, _) => address(before) != address(now),
            (Self::Lines, Content::Invoice(before), Content::Invoice(now)) => {
                before.lines != now.lines || before.sales_tax.is_some() != now.sales_tax.is_some()
            }
            (Self::Amount, Content::Payment(before), Content::Payment(now)) => {
                before.amount != now.amount || before.applied_to != now.applied_to
            }
            (field, _, _) => field.told(before) != field.told(now),
        };
        Self::ALL.into_iter().filter(is_changed).collect()
    }

    /// What QuickBooks has otherwise than this revision says.
    pub(crate) fn differing(content: &Content, standing: &Standing) -> Vec<Self> {
        Self::ALL.into_iter().filter(|field| field.differs(content, standing)).collect()
    }

    /// Of those, what counts in the books: a memo or a due date that somebody writes in QuickBooks is theirs.
    pub(crate) fn differing_in_the_books(content: &Content, standing: &Standing) -> Vec<Self> {
        let counts = |field: &Self| {
            matches!(field, Self::Customer | Self::Date | Self::Number | Self::TaxItem | Self::Lines | Self::Amount)
        };
        Self::differing(content, standing).into_iter().filter(counts).collect()
    }

    /// Whether somebody may have changed it in QuickBooks since this revision was sent, as far as can be told: of what the
    /// revision left out, and of an address, it cannot.
    pub(super) fn may_be_touched(self, sent: &Content, standing: &Standing) -> bool {
        let is_filled_in = self.told(sent).is_empty() && !self.told_by(standing).is_empty();
        self == Self::BillAddress || is_filled_in || self.differs(sent, standing)
    }

    /// Whether QuickBooks has what a change from `before` to `now` made of it, whoever did it; `pays` is what a payment was to
    /// pay, by the TxnIDs of invoices. Of lines and of an address not everything can be compared: what both revisions could
    /// have left tells nothing.
    pub(crate) fn shows_change(
        self,
        before: &Content,
        now: &Content,
        pays: &[(String, i64)],
        standing: &Standing,
    ) -> bool {
        match (self, before, now) {
            (Self::BillAddress, before, now) => standing.has_address_of(now) && !standing.has_address_of(before),
            (Self::Lines, Content::Invoice(before), Content::Invoice(now)) => standing.shows_lines(before, now),
            (Self::Amount, _, Content::Payment(now)) => standing.pays(now.amount, pays),
            (field, _, now) => !field.may_be_touched(now, standing),
        }
    }

    /// Whether QuickBooks has something else than this revision says. What a revision leaves to QuickBooks to fill in never
    /// differs.
    pub(super) fn differs(self, content: &Content, standing: &Standing) -> bool {
        match (self, content) {
            (Self::BillAddress, _) => false,
            (Self::Lines, Content::Invoice(invoice)) => !standing.has_lines_of(invoice),
            (Self::Amount, Content::Payment(payment)) => {
                let mut ours: Vec<i64> = payment.applied_to.iter().map(|part| part.amount.e5()).collect();
                let mut theirs: Vec<i64> = standing.applied.iter().map(|(_, amount)| *amount).collect();
                ours.sort_unstable();
                theirs.sort_unstable();
                standing.amount_e5 != Some(payment.amount.e5()) || ours != theirs
            }
            (field, content) => {
                let ours = field.told(content);
                // QuickBooks fills neither in by itself.
                let is_ours = !ours.is_empty() || matches!(field, Self::Memo | Self::PoNumber);
                is_ours && field.key(&ours) != field.key(&field.told_by(standing))
            }
        }
    }

    /// As it stands in a revision, in a few words; empty where it says nothing.
    pub(crate) fn told(self, content: &Content) -> String {
        let common = |content: &Content| match self {
            Self::Customer => quickbooks_name(&content.customer().name),
            Self::Date => content.date().to_string(),
            Self::Number => held(content.number()),
            _ => String::new(),
        };
        match content {
            Content::Invoice(invoice) => self.of_invoice(invoice).unwrap_or_else(|| common(content)),
            Content::Payment(payment) => self.of_payment(payment).unwrap_or_else(|| common(content)),
        }
    }

    fn of_invoice(self, invoice: &Invoice) -> Option<String> {
        Some(match self {
            Self::BillAddress => address(&invoice.customer).join(", "),
            Self::DueDate => invoice.due_date.map(|date| date.to_string()).unwrap_or_default(),
            Self::Terms => invoice.terms.as_deref().map(quickbooks_name).unwrap_or_default(),
            Self::PoNumber => invoice.po_number.as_deref().map(held).unwrap_or_default(),
            Self::Memo => invoice.memo.as_deref().map(held).unwrap_or_default(),
            Self::TaxItem => invoice.sales_tax.as_ref().map(|tax| quickbooks_name(&tax.item)).unwrap_or_default(),
            Self::Lines => lines_in_words(invoice.lines.len(), invoice.lines.iter().map(|line| line.amount.e5()).sum()),
            _ => return None,
        })
    }

    fn of_payment(self, payment: &Payment) -> Option<String> {
        Some(match self {
            Self::Memo => payment.memo.as_deref().map(held).unwrap_or_default(),
            Self::Method => payment.method.as_deref().map(quickbooks_name).unwrap_or_default(),
            Self::DepositTo => payment.deposit_to.as_deref().map(quickbooks_name).unwrap_or_default(),
            Self::Amount => payment.amount.to_string(),
            _ => return None,
        })
    }

    /// As it stands in QuickBooks.
    pub(crate) fn told_by(self, standing: &Standing) -> String {
        let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let amount = |e5: i64| Amount::from_e5(e5).map(|amount| amount.to_string()).unwrap_or_default();
        match self {
            Self::Customer => standing.customer.clone(),
            Self::Date => date(standing.date),
            Self::Number => standing.number.clone(),
            Self::BillAddress => standing.bill_address.replace('\n', ", "),
            Self::DueDate => date(standing.due_date),
            Self::Terms => standing.terms.clone(),
            Self::PoNumber => standing.po_number.clone(),
            Self::Memo => standing.memo.clone(),
            Self::TaxItem => standing.tax_item.clone(),
            Self::Lines => {
                lines_in_words(standing.lines.len(), standing.lines.iter().filter_map(|line| line.amount_e5).sum())
            }
            Self::Method => standing.method.clone(),
            Self::DepositTo => standing.deposit_to.clone(),
            Self::Amount => standing.amount_e5.map(amount).unwrap_or_default(),
        }
    }

    /// Names are compared as QuickBooks does, texts without regard to how their blanks are laid out.
    fn key(self, told: &str) -> String {
        match self {
            Self::Customer | Self::Terms | Self::TaxItem | Self::Method | Self::DepositTo => {
                NameKey::of(told).as_str().to_owned()
            }
            _ => told.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

impl Standing {
    /// Whether QuickBooks has the lines of this revision, and no others.
    pub(crate) fn has_lines_of(&self, invoice: &Invoice) -> bool {
        invoice.lines.len() == self.lines.len()
            && invoice.lines.iter().zip(&self.lines).all(|(ours, theirs)| is_same_line(ours, theirs))
    }

    /// Whether it has the lines of `now`, and cannot have been left so by `before`. What is taxed shows in the total.
    fn shows_lines(&self, before: &Invoice, now: &Invoice) -> bool {
        let class = |line: &Line| NameKey::of(&line.class.as_deref().map(quickbooks_name).unwrap_or_default());
        let classes = |invoice: &Invoice| invoice.lines.iter().map(class).collect::<Vec<_>>();
        let is_classed_anew = classes(before) != classes(now);
        let has_classes = self.lines.iter().map(|line| NameKey::of(&line.class)).eq(classes(now));
        let is_told_by_total = before.total != now.total && self.total_e5 == Some(now.total.e5());
        self.has_lines_of(now)
            && (has_classes || !is_classed_anew)
            && (is_classed_anew || is_told_by_total || !self.has_lines_of(before))
    }

    /// QuickBooks lays addresses out anew, and they may begin with the customer's name; so their words are compared.
    fn has_address_of(&self, content: &Content) -> bool {
        let words = |text: &str| {
            let mut words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            words.sort_unstable();
            words
        };
        let (ours, theirs) = (address(content.customer()).join(" "), words(&self.bill_address));
        let addressed = format!("{} {ours}", quickbooks_name(&content.customer().name));
        theirs == words(&ours) || (!ours.is_empty() && theirs == words(&addressed))
    }

    /// Whether the payment is of this amount and pays just these.
    fn pays(&self, amount: Amount, parts: &[(String, i64)]) -> bool {
        let of_each = |parts: &[(String, i64)]| {
            let mut of_each: BTreeMap<String, i64> = BTreeMap::new();
            for (txn_id, amount_e5) in parts {
                let sum = of_each.entry(txn_id.clone()).or_default();
                *sum = sum.saturating_add(*amount_e5);
            }
            of_each
        };
        self.amount_e5 == Some(amount.e5()) && of_each(&self.applied) == of_each(parts)
    }
}

/// Its parts, as QuickBooks would hold them.
fn address(customer: &Customer) -> Vec<String> {
    let Some(address) = &customer.billing_address else { return Vec::new() };
    let Address { line1, line2, line3, city, state, postal_code, country } = address;
    let parts = [line1, line2, line3, city, state, postal_code, country].into_iter().flatten();
    parts.map(|part| held(part)).filter(|part| !part.is_empty()).collect()
}

/// What a line leaves out, QuickBooks fills in from its item.
fn is_same_line(ours: &Line, theirs: &StandingLine) -> bool {
    let item = ours.item.as_deref().map(quickbooks_name).unwrap_or_default();
    let description = ours.description.as_deref().map(held).unwrap_or_default();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let quantity = ours.quantity.as_ref().map(Quantity::to_string).unwrap_or_default();
    NameKey::of(&item) == NameKey::of(&theirs.item)
        && (description.is_empty() || words(&description) == words(&theirs.description))
        && (quantity.is_empty() || quantity == theirs.quantity)
        && (ours.item.is_none() || theirs.amount_e5 == Some(ours.amount.e5()))
}

/// A text as QuickBooks would hold it.
fn held(text: &str) -> String {
    transliterate(text).text.trim().to_owned()
}

fn lines_in_words(count: usize, sum_e5: i64) -> String {
    let sum = Amount::from_e5(sum_e5).map(|sum| sum.to_string()).unwrap_or_default();
    if count == 1 { format!("1 line of {sum}") } else { format!("{count} lines of {sum}") }
}
