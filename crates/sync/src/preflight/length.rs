//! QuickBooks' lengths, taken from the fields of the messages that carry them.

use std::ops::RangeInclusive;

use bookferry_qbxml::message::address::Address;
use bookferry_qbxml::message::customer::CustomerAdd;
use bookferry_qbxml::message::invoice::{InvoiceAdd, InvoiceLineAdd};
use bookferry_qbxml::message::item::ItemServiceAdd;
use bookferry_qbxml::message::receive_payment::ReceivePaymentAdd;
use bookferry_qbxml::value::{Line, Name, Ref, Text};
use jiff::civil::{Date, date};

use crate::record::RecordKind;

pub(super) const INVOICE_NUMBER: usize = of_line(|add: &InvoiceAdd| &add.ref_number);
pub(super) const PAYMENT_NUMBER: usize = of_line(|add: &ReceivePaymentAdd| &add.ref_number);
pub(super) const PO_NUMBER: usize = of_line(|add: &InvoiceAdd| &add.po_number);
pub(super) const INVOICE_MEMO: usize = of_text(|add: &InvoiceAdd| &add.memo);
pub(super) const PAYMENT_MEMO: usize = of_text(|add: &ReceivePaymentAdd| &add.memo);
pub(super) const DESCRIPTION: usize = of_text(|line: &InvoiceLineAdd| &line.desc);
pub(super) const EMAIL: usize = of_line(|add: &CustomerAdd| &add.email);
pub(super) const PHONE: usize = of_line(|add: &CustomerAdd| &add.phone);
pub(super) const ADDRESS_LINE: usize = of_line(|address: &Address| &address.addr1);
pub(super) const CITY: usize = of_line(|address: &Address| &address.city);
pub(super) const STATE: usize = of_line(|address: &Address| &address.state);
pub(super) const POSTAL_CODE: usize = of_line(|address: &Address| &address.postal_code);
pub(super) const COUNTRY: usize = of_line(|address: &Address| &address.country);

pub(super) const CUSTOMER_NAME: usize = of_name(|add: &CustomerAdd| &add.name);
pub(super) const CUSTOMER_FULL_NAME: usize = of_reference(|add: &InvoiceAdd| &add.customer_ref);
pub(super) const ITEM_NAME: usize = of_name(|add: &ItemServiceAdd| &add.name);
pub(super) const TERMS: usize = of_optional_reference(|add: &InvoiceAdd| &add.terms_ref);
pub(super) const SALES_TAX_ITEM: usize = of_optional_reference(|add: &InvoiceAdd| &add.item_sales_tax_ref);
pub(super) const CLASS: usize = of_optional_reference(|line: &InvoiceLineAdd| &line.class_ref);
pub(super) const PAYMENT_METHOD: usize = of_optional_reference(|add: &ReceivePaymentAdd| &add.payment_method_ref);
pub(super) const ACCOUNT: usize = of_optional_reference(|add: &ReceivePaymentAdd| &add.deposit_to_account_ref);

/// The range of QuickBooks' times (qbxml.md section 6). That dates share it is not stated anywhere.
pub(super) const DATES: RangeInclusive<Date> = date(1970, 1, 1)..=date(2038, 1, 19);

/// The most characters of the text at this JSON pointer; of a name, of each part between colons. `None` where nothing is held
/// to a length.
pub(crate) fn of_field(kind: RecordKind, pointer: &str) -> Option<usize> {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    Some(match (kind, pointer, field) {
        (RecordKind::Invoice, "/number", _) => INVOICE_NUMBER,
        (RecordKind::Payment, "/number", _) => PAYMENT_NUMBER,
        (RecordKind::Invoice, "/memo", _) => INVOICE_MEMO,
        (RecordKind::Payment, "/memo", _) => PAYMENT_MEMO,
        (_, "/po_number", _) => PO_NUMBER,
        (_, "/terms", _) => TERMS,
        (_, "/method", _) => PAYMENT_METHOD,
        (_, "/deposit_to", _) => ACCOUNT,
        (_, "/customer/name", _) => CUSTOMER_NAME,
        (_, "/customer/email", _) => EMAIL,
        (_, "/customer/phone", _) => PHONE,
        (_, "/sales_tax/item", _) => SALES_TAX_ITEM,
        (_, _, "line1" | "line2" | "line3") => ADDRESS_LINE,
        (_, _, "city") => CITY,
        (_, _, "state") => STATE,
        (_, _, "postal_code") => POSTAL_CODE,
        (_, _, "country") => COUNTRY,
        (_, _, "item") => ITEM_NAME,
        (_, _, "class") => CLASS,
        (_, _, "description") => DESCRIPTION,
        _ => return None,
    })
}

const fn of_line<T, const MAX: usize>(_field: fn(&T) -> &Option<Line<MAX>>) -> usize {
    MAX
}

const fn of_text<T, const MAX: usize>(_field: fn(&T) -> &Option<Text<MAX>>) -> usize {
    MAX
}

const fn of_name<T, const MAX: usize>(_field: fn(&T) -> &Name<MAX>) -> usize {
    MAX
}

const fn of_reference<T, const MAX: usize>(_field: fn(&T) -> &Ref<MAX>) -> usize {
    MAX
}

const fn of_optional_reference<T, const MAX: usize>(_field: fn(&T) -> &Option<Ref<MAX>>) -> usize {
    MAX
}
