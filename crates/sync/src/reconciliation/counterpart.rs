use std::collections::BTreeSet;

use crate::change::{Field, Reread};
use crate::record::{Content, UnknownWord};
use crate::submission::Posted;
use crate::tax_difference::TaxDifference;

use super::differing;

/// What QuickBooks has for a submitted record, as far as sums and differences go. Amounts are hundred-thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterpart {
    /// Empty where QuickBooks has no such document.
    pub edit_sequence: String,
    /// The total of an invoice with its sales tax, or a payment's amount; `None` where there is no such document.
    pub amount_e5: Option<i64>,
    /// What is open of an invoice.
    pub balance_e5: Option<i64>,
    /// In what it is not as it was sent.
    pub differences: BTreeSet<Difference>,
}

/// In what a document in QuickBooks differs from the record that was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// It is not there, and QuickBooks does not say that it was deleted: an older copy of the company file, perhaps.
    Missing,
    Deleted,
    Voided,
    Amount,
    Customer,
    Date,
    /// Its number, its lines or its sales tax item, by the same total.
    Other,
    /// Nobody touched it, but its total is another: QuickBooks computed the sales tax otherwise. Or a person said that it was
    /// there already, and did not say in which state.
    Total,
}

impl Difference {
    pub const ALL: [Self; 8] = [
        Self::Missing,
        Self::Deleted,
        Self::Voided,
        Self::Amount,
        Self::Customer,
        Self::Date,
        Self::Other,
        Self::Total,
    ];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Deleted => "deleted",
            Self::Voided => "voided",
            Self::Amount => "amount",
            Self::Customer => "customer",
            Self::Date => "date",
            Self::Other => "other",
            Self::Total => "total",
        }
    }

    /// As on a page, after a count or alone.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Deleted => "deleted",
            Self::Voided => "voided",
            Self::Amount => "amount changed",
            Self::Customer => "customer changed",
            Self::Date => "date changed",
            Self::Other => "changed otherwise",
            Self::Total => "other total",
        }
    }
}

impl std::str::FromStr for Difference {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|it| it.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// Holds what was sent against what was found. `is_told_deleted` says that QuickBooks names the document among those that
/// somebody deleted.
pub fn counterpart(
    sent: &Content,
    posted: &Posted,
    found: &Reread,
    is_told_deleted: bool,
    rule: &TaxDifference,
) -> Counterpart {
    let standing = match found {
        Reread::Standing(standing) => standing,
        Reread::Gone => {
            let difference = if is_told_deleted { Difference::Deleted } else { Difference::Missing };
            let differences = BTreeSet::from([difference]);
            return Counterpart { edit_sequence: String::new(), amount_e5: None, balance_e5: None, differences };
        }
    };
    let amount_e5 = standing.total_e5.or(standing.amount_e5);
    let (_, fields) = differing(sent, posted, standing, rule);
    let is_other_amount = amount_e5.is_some_and(|amount| amount != sent.amount().e5());
    let differences = if fields.is_empty() {
        is_other_amount.then_some(Difference::Total).into_iter().collect()
    } else if standing.is_void() && sent.amount().e5() != 0 {
        BTreeSet::from([Difference::Voided])
    } else {
        fields.into_iter().map(|field| Difference::of(field, is_other_amount)).collect()
    };
    let edit_sequence = standing.edit_sequence.clone();
    Counterpart { edit_sequence, amount_e5, balance_e5: standing.balance_e5, differences }
}

impl Difference {
    const fn of(field: Field, is_other_amount: bool) -> Self {
        match field {
            Field::Customer => Self::Customer,
            Field::Date => Self::Date,
            Field::Lines | Field::TaxItem | Field::Amount if is_other_amount => Self::Amount,
            Field::Number
            | Field::BillAddress
            | Field::DueDate
            | Field::Terms
            | Field::PoNumber
            | Field::Memo
            | Field::TaxItem
            | Field::Lines
            | Field::Method
            | Field::DepositTo
            | Field::Amount => Self::Other,
        }
    }
}
