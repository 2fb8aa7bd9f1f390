//! Why a document is not taken.

/// What a refused document is counted under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Reason {
    /// The mapping says that numbers beginning so are no invoices, and why.
    NumberPrefix(String),
    NoNumber,
    Damaged,
    Disagree,
    Number,
    Date,
    NegativeLine,
    NegativeTotal,
    ZeroTotal,
    Total,
    TooLarge,
    /// What the hand-over itself would not take, as the API would say it.
    NotARecord,
}

/// A refused document's reason and what exactly was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NumberPrefix(reason) => reason,
            Self::NoNumber => "no document number",
            Self::Damaged => "damaged line",
            Self::Disagree => "the lines of the document disagree",
            Self::Number => "not a number",
            Self::Date => "not a date",
            Self::NegativeLine => "negative line",
            Self::NegativeTotal => "negative total: credit memos are not carried",
            Self::ZeroTotal => "total of 0.00: nothing to collect",
            Self::Total => "the lines do not add up to the total",
            Self::TooLarge => "number too large",
            Self::NotARecord => "not a valid record",
        })
    }
}
