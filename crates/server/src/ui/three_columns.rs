//! A record that changed after QuickBooks had it: what was sent, what it is here now, and what it is in QuickBooks now.

use bookferry_store::{RecordView, Shown};
use bookferry_sync::change::{Compared, Reread, compared};
use bookferry_sync::record::Content;

use super::desk::Desk;
use super::moment::Ago;
use super::page_error::PageError;
use crate::App;

pub(super) struct ThreeColumns {
    pub(super) rows: Vec<Compared>,
    /// When QuickBooks was read; `None` where the next visit does that.
    pub(super) read: Option<Ago>,
    /// Whether it is not in QuickBooks any more.
    pub(super) is_gone: bool,
}

impl ThreeColumns {
    /// `None` for a record that nobody has to decide about, or of which QuickBooks has nothing.
    pub(super) async fn of(app: &App, desk: &Desk, view: &RecordView) -> Result<Option<Self>, PageError> {
        let line = &view.record.line;
        let is_waiting = line.state.status() == bookferry_sync::submission::Status::NeedsAttention;
        let Some(posted) = line.state.posted().filter(|_| is_waiting) else { return Ok(None) };
        let sent = view.revisions.iter().find(|revision| revision.number == posted.revision);
        let Some(sent) = sent.map(|revision| &revision.content) else { return Ok(None) };
        let ours = &view.record.content;
        let given: [(&str, &Content); 2] = [(&line.external_id, sent), (&line.external_id, ours)];
        let mappings = app.store().surroundings(desk.company(), &given).await?.mappings;
        let (sent, _) = mappings.apply(sent.clone());
        let (ours, _) = mappings.apply(ours.clone());
        let now = app.clock().now();
        let shown = app.store().shown(desk.company_id(), line.id).await?;
        Ok(Some(match shown {
            Some(Shown { standing: Reread::Standing(standing), read_at }) => {
                Self { rows: compared(&sent, &ours, &standing), read: Some(Ago { at: read_at, now }), is_gone: false }
            }
            Some(Shown { standing: Reread::Gone, read_at }) => {
                Self { rows: Vec::new(), read: Some(Ago { at: read_at, now }), is_gone: true }
            }
            None => Self { rows: Vec::new(), read: None, is_gone: false },
        }))
    }
}
