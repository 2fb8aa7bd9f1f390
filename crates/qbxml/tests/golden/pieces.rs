//! Short ways to write values down.

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::address::{Address, AddressBlock};
use bookferry_qbxml::message::error_recovery::{ErrorRecovery, Recovered};
use bookferry_qbxml::value::{
    Amount, Date, DateTime, EditSequence, Line, ListId, Name, Percent, Price, Quantity, Ref, Text, TxnId, TxnLineId,
};

pub(crate) fn list_id() -> ListId {
    ListId::new("80000001-1700000000").unwrap()
}

pub(crate) fn txn_id() -> TxnId {
    TxnId::new("1A2B-1700000000").unwrap()
}

pub(crate) fn txn_line_id() -> TxnLineId {
    TxnLineId::new("1A2C-1700000000").unwrap()
}

pub(crate) fn edit_sequence() -> EditSequence {
    EditSequence::new("1700000001").unwrap()
}

pub(crate) fn time() -> Option<DateTime> {
    DateTime::new("2026-11-02T15:04:05-08:00")
}

pub(crate) fn day(text: &str) -> Date {
    Date(text.parse().unwrap())
}

pub(crate) fn name<const MAX: usize>(text: &str) -> Name<MAX> {
    Name::new("Name", text).unwrap()
}

pub(crate) fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::new("Line", text).unwrap()
}

pub(crate) fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::new("Text", text).unwrap()
}

pub(crate) fn entry<const MAX: usize>(full_name: &str) -> Ref<MAX> {
    Ref::by_name(line(full_name))
}

/// As answers name an entry.
pub(crate) fn known<const MAX: usize>(full_name: &str) -> Ref<MAX> {
    Ref { list_id: Some(list_id()), full_name: Some(line(full_name)) }
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

pub(crate) fn one<T>(value: T) -> OneOrMore<T> {
    OneOrMore::one(value)
}

pub(crate) fn address() -> Address {
    Address {
        addr1: Some(line("M\u{fc}ller Auto & Glass")),
        addr2: Some(line("12 Harbor Street")),
        city: Some(line("Portland")),
        state: Some(line("OR")),
        postal_code: Some(line("97201")),
        ..Address::default()
    }
}

pub(crate) fn address_block() -> AddressBlock {
    AddressBlock {
        addr1: Some(line("M\u{fc}ller Auto & Glass")),
        addr2: Some(line("12 Harbor Street")),
        addr3: Some(line("Portland, OR 97201")),
        ..AddressBlock::default()
    }
}

pub(crate) fn recovery() -> Option<ErrorRecovery> {
    let object = Some(Recovered::Txn(txn_id()));
    Some(ErrorRecovery { object, edit_sequence: Some(edit_sequence()), ..ErrorRecovery::default() })
}
