use std::fmt;

use jiff::civil::Date;

use super::UnknownEdit;
use crate::company_file::kind::Kind;
use crate::company_file::money;
use crate::company_file::txns::TxnKind;

/// Something that is done in QuickBooks. Amounts are in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    Add { kind: Kind, name: String },
    Rename { what: Entry, to: String },
    Merge { what: Entry, into: String },
    SetActive { what: Entry, is_active: bool },
    Delete { what: Entry },
    AddDocument { kind: TxnKind, number: String, customer: String, amount: i64, date: Option<Date> },
    ChangeDocument { kind: TxnKind, number: String, field: Field, value: String },
    VoidInvoice { number: String },
    DeleteDocument { kind: TxnKind, number: String },
    PayInvoice { number: String, amount: i64 },
    CloseBooks { until: Option<Date> },
    Switch { feature: Feature, is_on: bool },
}

/// An entry of a list by its full name; `None` for an item of whatever kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Option<Kind>,
    pub(super) name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Date,
    Number,
    Memo,
    Customer,
    Amount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feature {
    Classes,
    SalesTax,
}

const KNOWN: [(&str, Kind); 18] = [
    ("customer", Kind::Customer),
    ("vendor", Kind::Vendor),
    ("employee", Kind::Employee),
    ("other-name", Kind::OtherName),
    ("item", Kind::ItemService),
    ("service", Kind::ItemService),
    ("non-inventory", Kind::ItemNonInventory),
    ("other-charge", Kind::ItemOtherCharge),
    ("inventory", Kind::ItemInventory),
    ("discount", Kind::ItemDiscount),
    ("subtotal", Kind::ItemSubtotal),
    ("payment-item", Kind::ItemPayment),
    ("group", Kind::ItemGroup),
    ("tax-item", Kind::ItemSalesTax),
    ("account", Kind::Account),
    ("terms", Kind::StandardTerms),
    ("payment-method", Kind::PaymentMethod),
    ("class", Kind::Class),
];

pub(super) fn kinds() -> Vec<&'static str> {
    KNOWN.iter().map(|(word, _)| *word).collect()
}

/// Reads the words of a deed.
pub(super) fn read(text: &str) -> Result<Deed, UnknownEdit> {
    let form = || UnknownEdit::Form(text.to_owned());
    let (verb, rest) = first(text);
    let deed = match verb {
        "add" => read_add(rest)?,
        "rename" => read_entry(rest)?.and_then(renamed),
        "merge" => read_entry(rest)?.and_then(merged),
        "activate" | "deactivate" => {
            let is_active = verb == "activate";
            read_entry(rest)?.map(|what| Deed::SetActive { what, is_active })
        }
        "delete" => match document(rest) {
            Some((kind, number)) => one_word(number).map(|number| Deed::DeleteDocument { kind, number }),
            None => read_entry(rest)?.map(|what| Deed::Delete { what }),
        },
        "change" => document(rest).and_then(|(kind, rest)| changed(kind, rest)),
        "void" => invoice(rest).and_then(one_word).map(|number| Deed::VoidInvoice { number }),
        "pay" => invoice(rest).and_then(paid),
        "close" => closed(rest),
        "open" => (rest == "books").then_some(Deed::CloseBooks { until: None }),
        "switch" => switched(rest),
        _ => return Err(UnknownEdit::Verb(text.to_owned())),
    };
    deed.ok_or_else(form)
}

fn read_add(rest: &str) -> Result<Option<Deed>, UnknownEdit> {
    if let Some((kind, rest)) = document(rest) {
        return Ok(added(kind, rest));
    }
    let entry = read_entry(rest)?;
    Ok(entry.map(|Entry { kind, name }| Deed::Add { kind: kind.unwrap_or(Kind::ItemService), name }))
}

/// `KIND NAME`; `None` where the name is missing.
fn read_entry(text: &str) -> Result<Option<Entry>, UnknownEdit> {
    let (word, name) = first(text);
    if word.is_empty() {
        return Ok(None);
    }
    let known = KNOWN.iter().find(|(known, _)| *known == word);
    let &(_, kind) = known.ok_or_else(|| UnknownEdit::Kind(word.to_owned()))?;
    let kind = (word != "item").then_some(kind);
    Ok((!name.is_empty()).then(|| Entry { kind, name: name.to_owned() }))
}

/// A name may have the word `to` in it; the last one divides.
fn renamed(entry: Entry) -> Option<Deed> {
    let (name, to) = entry.name.rsplit_once(" to ")?;
    let (name, to) = (name.trim().to_owned(), to.trim().to_owned());
    Some(Deed::Rename { what: Entry { name, ..entry }, to })
}

fn merged(entry: Entry) -> Option<Deed> {
    let (name, into) = entry.name.rsplit_once(" into ")?;
    let (name, into) = (name.trim().to_owned(), into.trim().to_owned());
    Some(Deed::Merge { what: Entry { name, ..entry }, into })
}

/// `NUMBER for CUSTOMER of AMOUNT [on DATE]`.
fn added(kind: TxnKind, text: &str) -> Option<Deed> {
    let (number, rest) = text.split_once(" for ")?;
    let on_a_day = rest.rsplit_once(" on ").and_then(|(rest, date)| Some((rest, date.trim().parse::<Date>().ok()?)));
    let (rest, date) = on_a_day.map_or((rest, None), |(rest, date)| (rest, Some(date)));
    let (customer, amount) = rest.rsplit_once(" of ")?;
    let (number, customer) = (one_word(number)?, customer.trim().to_owned());
    Some(Deed::AddDocument { kind, number, customer, amount: cents(amount)?, date })
}

/// `NUMBER FIELD VALUE`.
fn changed(kind: TxnKind, text: &str) -> Option<Deed> {
    let (number, rest) = first(text);
    let (field, value) = first(rest);
    let field = match field {
        "date" => value.parse::<Date>().ok().map(|_| Field::Date)?,
        "number" => Field::Number,
        "memo" => Field::Memo,
        "customer" => Field::Customer,
        "amount" => cents(value).map(|_| Field::Amount)?,
        _ => return None,
    };
    (!value.is_empty()).then(|| Deed::ChangeDocument {
        kind,
        number: number.to_owned(),
        field,
        value: value.to_owned(),
    })
}

fn paid(text: &str) -> Option<Deed> {
    let (number, amount) = first(text);
    Some(Deed::PayInvoice { number: number.to_owned(), amount: cents(amount)? })
}

fn closed(text: &str) -> Option<Deed> {
    let until = text.strip_prefix("books ")?.trim().parse().ok()?;
    Some(Deed::CloseBooks { until: Some(until) })
}

fn switched(text: &str) -> Option<Deed> {
    let (how, feature) = first(text);
    let is_on = match how {
        "on" => true,
        "off" => false,
        _ => return None,
    };
    let feature = match feature {
        "classes" => Feature::Classes,
        "sales-tax" => Feature::SalesTax,
        _ => return None,
    };
    Some(Deed::Switch { feature, is_on })
}

/// `invoice …` or `payment …`, with what follows.
fn document(text: &str) -> Option<(TxnKind, &str)> {
    match first(text) {
        ("invoice", rest) => Some((TxnKind::Invoice, rest)),
        ("payment", rest) => Some((TxnKind::ReceivePayment, rest)),
        _ => None,
    }
}

fn invoice(text: &str) -> Option<&str> {
    document(text).filter(|(kind, _)| *kind == TxnKind::Invoice).map(|(_, rest)| rest)
}

fn one_word(text: &str) -> Option<String> {
    let (word, rest) = first(text);
    (!word.is_empty() && rest.is_empty()).then(|| word.to_owned())
}

fn first(text: &str) -> (&str, &str) {
    let (word, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
    (word, rest.trim())
}

/// An amount above zero, with two decimal places at most.
pub(super) fn cents(text: &str) -> Option<i64> {
    let e5 = money::parse(text.trim()).filter(|e5| *e5 > 0)?;
    (e5 % 1000 == 0).then_some(e5 / 1000)
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = |kind: &TxnKind, number: &str| format!("{} {number}", kind.spoken());
        match self {
            Self::Add { kind, name } => write!(f, "add {} {name}", word(Some(*kind))),
            Self::Rename { what, to } => write!(f, "rename {what} to {to}"),
            Self::Merge { what, into } => write!(f, "merge {what} into {into}"),
            Self::SetActive { what, is_active: true } => write!(f, "activate {what}"),
            Self::SetActive { what, is_active: false } => write!(f, "deactivate {what}"),
            Self::Delete { what } => write!(f, "delete {what}"),
            Self::AddDocument { kind, number, customer, amount, date } => {
                write!(f, "add {} for {customer} of {}", document(kind, number), money::amount(*amount))?;
                date.map_or(Ok(()), |date| write!(f, " on {date}"))
            }
            Self::ChangeDocument { kind, number, field, value } => {
                write!(f, "change {} {} {value}", document(kind, number), field.word())
            }
            Self::VoidInvoice { number } => write!(f, "void invoice {number}"),
            Self::DeleteDocument { kind, number } => write!(f, "delete {}", document(kind, number)),
            Self::PayInvoice { number, amount } => write!(f, "pay invoice {number} {}", money::amount(*amount)),
            Self::CloseBooks { until: Some(until) } => write!(f, "close books {until}"),
            Self::CloseBooks { until: None } => f.write_str("open books"),
            Self::Switch { feature, is_on } => {
                write!(f, "switch {} {}", if *is_on { "on" } else { "off" }, feature.word())
            }
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", word(self.kind), self.name)
    }
}

impl Field {
    const fn word(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Number => "number",
            Self::Memo => "memo",
            Self::Customer => "customer",
            Self::Amount => "amount",
        }
    }
}

impl Feature {
    const fn word(self) -> &'static str {
        match self {
            Self::Classes => "classes",
            Self::SalesTax => "sales-tax",
        }
    }
}

/// The last of a kind's words says it most exactly.
fn word(kind: Option<Kind>) -> &'static str {
    let known = kind.and_then(|kind| KNOWN.iter().rfind(|(_, known)| *known == kind));
    known.map_or("item", |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use crate::company_file::Edit;

    #[test]
    fn what_is_said_is_read_and_said_again() {
        for said in [
            "add vendor Glass Works",
            "add group Kit",
            "rename item Glass to go to Glass",
            "merge customer Smith into Smith, John",
            "deactivate customer Anna:House",
            "activate payment-method Visa",
            "delete tax-item City Tax",
            "add invoice 1042 for Harbor Taxi of London of 125.00 on 2026-11-20",
            "add payment 881 for Harbor Taxi of 125.00",
            "change invoice 1042 memo Bay 3",
            "change payment 881 date 2026-11-21",
            "change invoice 1042 amount 250.00",
            "void invoice 1042",
            "delete payment 881",
            "pay invoice 1042 25.00",
            "close books 2026-10-31",
            "open books",
            "switch off sales-tax",
        ] {
            assert_eq!(said.parse::<Edit>().unwrap().to_string(), said);
        }
    }

    #[test]
    fn what_cannot_be_done_is_told_with_what_can() {
        for (said, told) in [
            ("", "say one of: add KIND NAME; rename"),
            ("polish item Windshield", "say one of: add KIND NAME; rename"),
            ("add pane Windshield", "\"pane\" is no kind of entry; the kinds are customer, vendor"),
            ("delete item", "`delete KIND NAME`, or `delete invoice|payment NUMBER`"),
            ("rename item Windshield", "`rename KIND NAME to NAME`"),
            ("merge customer Anna", "`merge KIND NAME into NAME`"),
            ("change invoice 1042 amount much", "amount AMOUNT`"),
            ("add invoice 1042 for Anna", "of AMOUNT [on DATE]`"),
            ("add invoice 1042 for Anna of 1.005", "of AMOUNT [on DATE]`"),
            ("change invoice 1042 date tomorrow", "date|number|memo|customer VALUE`"),
            ("void payment 881", "`void invoice NUMBER`"),
            ("pay invoice 1042 nothing", "`pay invoice NUMBER AMOUNT`"),
            ("close books", "`close books DATE`"),
            ("switch on lights", "`switch on|off classes|sales-tax`"),
        ] {
            let error = said.parse::<Edit>().unwrap_err().to_string();
            assert!(error.contains(told), "{said}: {error}");
        }
    }
}
