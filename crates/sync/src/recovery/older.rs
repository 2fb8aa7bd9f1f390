//! Records from before sync was enabled that seem to be in QuickBooks already: with the same number, customer and amount,
//! whatever day they are dated.

use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_qbxml::value::Amount;
use jiff::civil::Date;

use super::{Evidence, Found, number};
use crate::id::RecordId;
use crate::list::NameKey;
use crate::plan::Sent;

/// So many are asked about in one message set.
pub const OLDER_PER_SET: u32 = 500;
/// So many are asked about in one visit, after everything else; the next one goes on.
pub const OLDER_PER_VISIT_MAX: u32 = 2_000;

/// What QuickBooks has that a record seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub txn_id: String,
    pub edit_sequence: String,
    pub number: String,
    pub customer: String,
    pub date: Option<Date>,
    pub amount: Option<Amount>,
}

/// What QuickBooks said of a record's revision: what it seems to be, or that nothing is like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlderAnswer {
    pub record_id: RecordId,
    pub revision: i64,
    pub seen: Option<Seen>,
}

/// Reads the answer to a [`look_up`](super::look_up). Those of which QuickBooks did not say are left out: it has to be asked
/// again.
pub fn older(asked: &[Sent], answer: &MessageSetRs) -> Vec<OlderAnswer> {
    let evidence = Evidence::of(asked, answer);
    let answered = |sent: &&Sent| evidence.told.contains(&sent.kind) || number(sent).is_none();
    let of = |sent: &Sent| {
        let seen = evidence.found.iter().find(|found| seems(found, sent)).map(seen);
        OlderAnswer { record_id: sent.record_id, revision: sent.revision, seen }
    };
    asked.iter().filter(answered).map(of).collect()
}

/// Nothing could be asked about these, since QuickBooks could not hold their numbers: it has none of them.
pub fn older_unasked(asked: &[Sent]) -> Vec<OlderAnswer> {
    let of = |sent: &Sent| OlderAnswer { record_id: sent.record_id, revision: sent.revision, seen: None };
    asked.iter().map(of).collect()
}

/// Another record's mark does not speak against it: a company that was set up anew marks the same records otherwise.
fn seems(found: &Found, sent: &Sent) -> bool {
    !sent.number.is_empty()
        && found.has_number_of(sent)
        && NameKey::of(&found.customer) == NameKey::of(&sent.customer)
        && found.total().is_some_and(|total| total.e5() == sent.total_e5)
}

fn seen(found: &Found) -> Seen {
    Seen {
        txn_id: found.txn_id.clone(),
        edit_sequence: found.edit_sequence.clone(),
        number: found.ref_number.clone(),
        customer: found.customer.clone(),
        date: found.date,
        amount: found.total(),
    }
}
