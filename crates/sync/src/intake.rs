//! Takes in what an application hands over: checks its JSON against the contract and finds every fault at once.
//!
//! Only the contract is checked here: form, arithmetic, and what no company could take. What QuickBooks itself would
//! refuse is [`preflight`](crate::preflight)'s business and keeps nobody from handing a record over. The size of a body and
//! the depth of its JSON are limited by whoever reads them.
//!
//! A member that is `null` counts as left out, and so does an optional text that is empty or blank.

mod closest;
mod currency;
mod customer;
mod fault;
mod invoice;
mod object;
mod payment;

use serde_json::Value;

pub use fault::{FAULTS_MAX, Fault, Faults};

use crate::record::{Content, Invoice, Payment, RecordKind};
use fault::Found;

/// The most lines an invoice has, and the most invoices a payment goes to.
pub const LINES_MAX: usize = 2_000;

/// The most characters any text has: a guard against abuse, far above QuickBooks' own lengths.
pub const TEXT_LENGTH_MAX: usize = 10_000;

/// The most characters an `external_id` has.
pub const EXTERNAL_ID_LENGTH_MAX: usize = 200;

/// Reads a record of either kind. `home_currency` is the company's, by its ISO 4217 code.
pub fn content(kind: RecordKind, value: &Value, home_currency: &str) -> Result<Content, Faults> {
    match kind {
        RecordKind::Invoice => invoice(value, home_currency).map(Content::Invoice),
        RecordKind::Payment => payment(value, home_currency).map(Content::Payment),
    }
}

/// Reads an invoice. An amount that a line leaves out is computed.
pub fn invoice(value: &Value, home_currency: &str) -> Result<Invoice, Faults> {
    let mut found = Found::default();
    let invoice = invoice::read(value, home_currency, &mut found);
    found.unless_any(invoice)
}

/// Reads a payment. One that goes to no invoice is money on account.
pub fn payment(value: &Value, home_currency: &str) -> Result<Payment, Faults> {
    let mut found = Found::default();
    let payment = payment::read(value, home_currency, &mut found);
    found.unless_any(payment)
}

/// Checks the name by which an application knows a record: 1 to [`EXTERNAL_ID_LENGTH_MAX`] visible characters, with blanks
/// only between them. The fault's pointer is `/external_id`.
pub fn external_id(text: &str) -> Result<(), Fault> {
    fault::external_id_problem(text)
        .map_or(Ok(()), |(code, message)| Err(Fault { pointer: "/external_id".to_owned(), code, message }))
}
