//! Records and needs as qbXML requests.
//!
//! What a record says is transliterated into what QuickBooks can store (preflight has shown it); what then still does not
//! fit is a [`Cause`], never a cut.

mod invoice;
mod item;
mod list;
mod payment;
mod read;

use bookferry_qbxml::message::removal::{TxnDelRq, TxnDelType, TxnVoidRq, TxnVoidType};
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Line, ListId, Name, Ref, Text, TextError, TxnId, transliterate};

pub use list::{create, look_up, uncreatable};
pub(crate) use read::{Portion, deleted, read};

use crate::cause::Cause;
use crate::change::{Basis, Standing};
use crate::company::{Books, Voids};
use crate::facts::ItemKind;
use crate::list::{ListEntry, ListKind};
use crate::need::{Need, quickbooks_name};
use crate::plan::{Candidate, Created, Knowledge, Known};
use crate::record::{Content, RecordKind};
use crate::submission::Errand;

/// The request that does the candidate's errand. Every entry it names is known, or created earlier in the same set.
pub fn record(candidate: &Candidate, names: &Names<'_>, books: &Books, voids: Voids) -> Result<Request, Cause> {
    match (&candidate.errand, &candidate.content) {
        (Errand::Add, Content::Invoice(content)) => invoice::add(candidate, content, names, books),
        (Errand::Add, Content::Payment(content)) => payment::add(candidate, content, names),
        (Errand::Void(posted), content) => {
            void(content.kind(), &posted.txn_id, is_deletion(&candidate.errand, content.kind(), voids))
        }
        (Errand::Mod(posted), content) => match (content, &candidate.basis) {
            (Content::Invoice(now), Some(Basis { sent: Content::Invoice(sent), standing })) => {
                invoice::modify(posted, &Change { sent, now, standing }, names, books)
            }
            (Content::Payment(now), Some(Basis { sent: Content::Payment(sent), standing })) => {
                payment::modify(posted, &candidate.applied_txn_ids, &Change { sent, now, standing }, names)
            }
            _ => Err(unread()),
        },
    }
}

/// A change of a document: the revision that QuickBooks has, the newest, and the document as it stands.
struct Change<'a, T> {
    sent: &'a T,
    now: &'a T,
    standing: &'a Standing,
}

/// Nothing is changed blindly.
fn unread() -> Cause {
    Cause::new(
        "not_read_again",
        "This changed after QuickBooks had it, and QuickBooks did not show what it has now. Press \u{201c}Read \
         again and send\u{201d}.",
        "",
    )
}

/// A Mod cannot take everything away that an Add can leave out.
fn cannot_be_cleared(field: &str) -> Cause {
    Cause::new(
        "cannot_be_cleared",
        format!(
            "Your application took the {field} away, which a change sent to QuickBooks cannot. Take the {field} away in \
             QuickBooks, then press \u{201c}Keep QuickBooks\u{2019} version\u{201d}."
        ),
        field,
    )
}

/// Whether the request deletes a document. A payment cannot be voided through the SDK, only deleted (qbxml.md section 10.10).
pub(crate) const fn is_deletion(errand: &Errand, kind: RecordKind, voids: Voids) -> bool {
    match errand {
        Errand::Void(_) => matches!((kind, voids), (RecordKind::Payment, _) | (RecordKind::Invoice, Voids::Delete)),
        Errand::Add | Errand::Mod(_) => false,
    }
}

fn void(kind: RecordKind, txn_id: &str, is_deletion: bool) -> Result<Request, Cause> {
    let txn_id = TxnId::new(txn_id).map_err(unfit)?;
    Ok(match (kind, is_deletion) {
        (RecordKind::Invoice, false) => Request::TxnVoid(TxnVoidRq::new(TxnVoidType::Invoice, txn_id)),
        (RecordKind::Invoice, true) => Request::TxnDel(TxnDelRq::new(TxnDelType::Invoice, txn_id)),
        (RecordKind::Payment, _) => Request::TxnDel(TxnDelRq::new(TxnDelType::ReceivePayment, txn_id)),
    })
}

/// References to list entries: by id where the entry is known, by name where this set creates it.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub known: &'a Known,
    pub created: &'a Created,
}

impl<'a> Names<'a> {
    fn reference<const MAX: usize>(&self, list: ListKind, name: &str, field: &'static str) -> Result<Ref<MAX>, Cause> {
        self.named(list, name).reference(field)
    }

    /// The kind of an item, of what stands there and of what this set creates.
    pub(crate) fn item_kind(&self, name: &str) -> Option<ItemKind> {
        self.named(ListKind::Item, name).kind(self.created)
    }

    fn named(&self, list: ListKind, name: &str) -> Named<'a> {
        let need = Need::new(list, name);
        let entry = self.known.get(need.as_key()).and_then(Knowledge::entry);
        Named { need, entry }
    }
}

/// An entry that a record names, with what QuickBooks has under that name.
struct Named<'a> {
    need: Need,
    entry: Option<&'a ListEntry>,
}

impl Named<'_> {
    fn kind(&self, created: &Created) -> Option<ItemKind> {
        match self.entry {
            Some(entry) => entry.facts.kind,
            None => created.get(self.need.as_key())?.kind,
        }
    }

    fn reference<const MAX: usize>(self, field: &'static str) -> Result<Ref<MAX>, Cause> {
        match self.entry {
            Some(entry) => ListId::new(entry.list_id.as_str()).map(Ref::by_id).map_err(unfit),
            None => Line::new(field, self.need.full_name).map(Ref::by_name).map_err(unfit),
        }
    }
}

/// What of an invoice its answer is to tell: where it is, and what it came to. Its lines are as we sent them, and would make
/// most of the answer.
const INVOICE_TOLD: [&str; 6] = ["TxnID", "EditSequence", "RefNumber", "Subtotal", "SalesTaxTotal", "ExternalGUID"];
/// The same of a payment.
const PAYMENT_TOLD: [&str; 5] = ["TxnID", "EditSequence", "RefNumber", "TotalAmount", "ExternalGUID"];

/// What of a list entry its answer is to tell.
const ENTRY_TOLD: [&str; 5] = ["ListID", "EditSequence", "Name", "FullName", "IsActive"];

/// What of it sales tax hangs on.
const fn tax_told(list: ListKind) -> &'static [&'static str] {
    match list {
        ListKind::Customer => &["SalesTaxCodeRef"],
        ListKind::SalesTaxCode => &["IsTaxable"],
        ListKind::SalesTaxItem => &["TaxRate", "ItemSalesTaxRef"],
        ListKind::Vendor
        | ListKind::Employee
        | ListKind::OtherName
        | ListKind::Item
        | ListKind::Account
        | ListKind::Terms
        | ListKind::PaymentMethod
        | ListKind::Class
        | ListKind::Template => &[],
    }
}

/// What a look-up by name is to tell of an entry.
fn entry_told(list: ListKind) -> Vec<Line<50>> {
    told(&[ENTRY_TOLD.as_slice(), tax_told(list)].concat())
}

/// For `IncludeRetElement`, by which an answer leaves out what nobody asked for (qbxml.md section 7).
pub(crate) fn told(elements: &[&'static str]) -> Vec<Line<50>> {
    elements.iter().filter_map(|element| Line::new("IncludeRetElement", *element).ok()).collect()
}

fn line<const MAX: usize>(field: &'static str, text: &str) -> Result<Line<MAX>, Cause> {
    Line::new(field, transliterate(text).text.trim()).map_err(unfit)
}

/// Leaves out what is absent or blank: an empty element would clear a field.
fn optional_line<const MAX: usize>(field: &'static str, text: Option<&str>) -> Result<Option<Line<MAX>>, Cause> {
    text.filter(|text| !text.trim().is_empty()).map(|text| line(field, text)).transpose()
}

/// An empty one takes away what is there.
fn text<const MAX: usize>(field: &'static str, text: &str) -> Result<Text<MAX>, Cause> {
    Text::new(field, transliterate(text).text.trim()).map_err(unfit)
}

fn optional_text<const MAX: usize>(field: &'static str, text: Option<&str>) -> Result<Option<Text<MAX>>, Cause> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| Text::new(field, transliterate(text).text.trim()).map_err(unfit))
        .transpose()
}

fn name<const MAX: usize>(field: &'static str, text: &str) -> Result<Name<MAX>, Cause> {
    Name::new(field, quickbooks_name(text)).map_err(unfit)
}

/// What does not fit a field of QuickBooks, as a cause.
fn unfit(error: TextError) -> Cause {
    let text = format!("{error}. Nothing was written. Correct it in your application and hand it over again.");
    let code = match error {
        TextError::TooLong { .. } => "text_too_long",
        TextError::Character { .. }
        | TextError::LineBreak { .. }
        | TextError::Empty { .. }
        | TextError::Colon { .. }
        | TextError::OuterBlank { .. }
        | TextError::Form { .. } => "text_not_acceptable",
    };
    Cause::new(code, text, error.to_string())
}
