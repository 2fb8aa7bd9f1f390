//! What lost changes are held against, once QuickBooks shows how their documents stand.

use bookferry_store::VisitStep;
use bookferry_sync::id::RecordId;
use bookferry_sync::plan::Sent;
use bookferry_sync::record::Content;
use bookferry_sync::recovery::{Between, Changes};

use super::SoapError;

/// The revisions between which those of the `lost` that are no additions lie.
pub(super) async fn changes(visit: &mut VisitStep, lost: &[Sent]) -> Result<Changes, SoapError> {
    let tax_difference = visit.company.settings.tax_difference.clone();
    let of = |sent: &Sent| Some((sent.record_id, sent.errand.posted()?.revision));
    let before: Vec<(RecordId, i64)> = lost.iter().filter_map(of).collect();
    if before.is_empty() {
        return Ok(Changes { tax_difference, ..Changes::default() });
    }
    let changed = lost.iter().filter(|sent| sent.errand.posted().is_some());
    let sent: Vec<(RecordId, i64)> = changed.map(|sent| (sent.record_id, sent.revision)).collect();
    let before = visit.revisions(&before).await?;
    let mut sent = visit.revisions(&sent).await?;
    // As they were sent, so that a mapping is no change.
    let mappings = visit.mappings(before.values().chain(sent.values())).await?;
    let mapped = |content: Content| mappings.apply(content).0;
    let between = before.into_iter().filter_map(|(record, before)| {
        let sent = mapped(sent.remove(&record)?);
        Some((record, Between { before: mapped(before), sent }))
    });
    Ok(Changes { between: between.collect(), tax_difference })
}
