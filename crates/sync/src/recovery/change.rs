//! What became of a change, a void or a deletion whose answer got lost, by the document as it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::cause::Cause;
use crate::change::{Field, Reread, Standing, named, told_three_ways};
use crate::id::RecordId;
use crate::plan::Sent;
use crate::reconciliation::{differing, with_adjusting_line};
use crate::record::{Content, Line};
use crate::submission::{Errand, Posted};
use crate::tax_difference::TaxDifference;

/// The revisions between which a change lies; both name what QuickBooks names.
#[derive(Debug, Clone, PartialEq)]
pub struct Between {
    /// The one that QuickBooks was known to have.
    pub before: Content,
    pub sent: Content,
}

/// What lost changes are held against.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    pub between: BTreeMap<RecordId, Between>,
    /// By which a line may have been sent besides.
    pub tax_difference: TaxDifference,
}

/// What the document tells of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// QuickBooks took it.
    Taken,
    /// QuickBooks never took it: it may be sent again.
    NotTaken,
    /// Somebody deleted the document.
    Gone(Cause),
    /// Somebody changed the document too, so that it does not tell: a person decides.
    Untold { edit_sequence: String, cause: Cause },
}

/// Decides by the document as it stands. An EditSequence changes with each modification (qbxml.md section 7): where it is
/// the one that was sent, nothing was taken. No EditSequence guards a void or a deletion (section 10.10): what stands there as
/// it was is not deleted yet, whoever touched it. A void leaves amounts of zero, and somebody may have entered them again.
pub fn fate(sent: &Sent, between: Option<&Between>, stands: &Reread, rule: &TaxDifference) -> Fate {
    let change = sent.change.as_deref();
    let is_deletion = change.is_some_and(|change| change.is_deletion);
    let standing = match stands {
        Reread::Standing(standing) => standing,
        Reread::Gone if is_deletion => return Fate::Taken,
        Reread::Gone => return Fate::Gone(gone(sent)),
    };
    let is_untouched = change.is_some_and(|change| change.edit_sequence == standing.edit_sequence);
    let (is_told, fields) = match (&sent.errand, between) {
        (Errand::Void(_), Some(Between { before, .. }))
            if !is_deletion && standing.is_void() && (!is_nil(before) || !is_untouched) =>
        {
            return Fate::Taken;
        }
        _ if is_untouched => return Fate::NotTaken,
        (Errand::Void(posted), Some(Between { before, .. })) => match differing(before, posted, standing, rule) {
            (_, differing) if differing.is_empty() && is_deletion => return Fate::NotTaken,
            (_, differing) => (false, differing),
        },
        (Errand::Mod(_), Some(between)) => {
            let pays = change.map_or(&[][..], |change| &change.pays);
            let untold = untold(between, pays, standing, rule);
            (untold.is_empty(), untold)
        }
        (Errand::Add, _) | (_, None) => (false, Vec::new()),
    };
    if is_told {
        return Fate::Taken;
    }
    let edit_sequence = standing.edit_sequence.clone();
    Fate::Untold { edit_sequence, cause: not_shown(sent, between, standing, &fields) }
}

/// What the change wrote and QuickBooks does not show. Where the application had changed nothing, the change wrote all that
/// counts in the books.
fn untold(
    Between { before, sent }: &Between,
    pays: &[(String, i64)],
    standing: &Standing,
    rule: &TaxDifference,
) -> Vec<Field> {
    let adjusted = |content| with_adjusting_line(content, standing, rule).map_or(Cow::Borrowed(content), Cow::Owned);
    let now = adjusted(sent);
    if before == sent {
        return Field::differing_in_the_books(&now, standing);
    }
    let before_then = adjusted(before);
    let changed = Field::changed(before, sent).into_iter();
    changed.filter(|field| !field.shows_change(&before_then, &now, pays, standing)).collect()
}

/// Whether it looks voided as it is.
fn is_nil(content: &Content) -> bool {
    content.amount().e5() == 0 && content.lines().iter().all(|line: &Line| line.amount.e5() == 0)
}

/// Where QuickBooks holds it from now on, by what the change made of it.
pub(super) fn posted(sent: &Sent, stands: &Reread) -> Option<Posted> {
    let before = sent.errand.posted()?;
    let edit_sequence = match stands {
        Reread::Standing(standing) => standing.edit_sequence.clone(),
        Reread::Gone => before.edit_sequence.clone(),
    };
    Some(Posted { txn_id: before.txn_id.clone(), edit_sequence, revision: sent.revision })
}

fn gone(sent: &Sent) -> Cause {
    let noun = sent.kind.as_str();
    let txn_id = sent.errand.posted().map(|posted| format!("TxnID {}", posted.txn_id));
    Cause::new(
        "deleted_in_quickbooks",
        format!(
            "The answer to a change of this {noun} got lost, and somebody has deleted the {noun} in QuickBooks since. Press \
             \u{201c}Keep QuickBooks\u{2019} version\u{201d} if it is to stay deleted, or \u{201c}Not in QuickBooks: send \
             again\u{201d}."
        ),
        txn_id.unwrap_or_default(),
    )
}

fn not_shown(sent: &Sent, between: Option<&Between>, standing: &Standing, fields: &[Field]) -> Cause {
    let noun = sent.kind.as_str();
    let what = if matches!(sent.errand, Errand::Void(_)) { "void" } else { "change" };
    let about = if fields.is_empty() { String::new() } else { format!(": {}", named(fields)) };
    let detail = between.map(|Between { before, sent }| told_three_ways(fields, before, sent, standing));
    Cause::new(
        "unconfirmed_change",
        format!(
            "The answer to the {what} of this {noun} got lost. QuickBooks has another version of it by now, which does not \
             show whether it took the {what}{about}. Nothing was sent again. Press \u{201c}Read again and send\u{201d} to \
             send your application\u{2019}s, or \u{201c}Keep QuickBooks\u{2019} version\u{201d}."
        ),
        detail.unwrap_or_default(),
    )
}
