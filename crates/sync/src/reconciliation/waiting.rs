use bookferry_qbxml::value::Amount;

use super::drift;
use crate::cause::Cause;
use crate::change::{Reread, Standing, deleted_and_changed, touched_on_both_sides};
use crate::company::Settings;
use crate::outcome::total_differs;
use crate::record::Content;
use crate::submission::{Attention, Errand, Event, Posted};

/// A record in QuickBooks that waits for a person, and what that person has been shown.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    pub attention: &'a Attention,
    /// The revision that QuickBooks has, and the newest; both name what QuickBooks names.
    pub sent: &'a Content,
    pub ours: &'a Content,
    /// Whether the newest is another than the one that QuickBooks has.
    pub is_revised: bool,
    /// What QuickBooks had when a visit last looked; `None` where none has.
    pub shown: Option<&'a Reread>,
}

impl Waiting<'_> {
    /// What happened to it in QuickBooks while it waited; `None` where it is as the person was shown. What they decided is in
    /// another state, and is not touched.
    pub fn renewed(&self, found: &Reread, settings: &Settings) -> Option<Event> {
        match (self.attention, found) {
            (Attention::Differs { posted, .. }, Reread::Standing(standing)) => (standing.edit_sequence
                != posted.edit_sequence)
                .then(|| self.renewed_difference(posted, found, standing, settings)),
            (Attention::Gone { .. }, Reread::Gone) => None,
            (Attention::Differs { posted, .. } | Attention::Gone { posted, .. }, _) => {
                let drifted = drift(self.sent, posted, found, &settings.tax_difference);
                drifted.or_else(|| self.put_back(found))
            }
            (Attention::Updated { posted, .. }, Reread::Gone) => Some(self.gone(posted)),
            (Attention::Error { errand: Errand::Mod(posted) | Errand::Void(posted), .. }, Reread::Gone) => {
                Some(self.gone(posted))
            }
            (Attention::Error { cause, errand: Errand::Mod(posted), .. }, Reread::Standing(standing))
                if cause.code == "changed_on_both_sides" =>
            {
                (standing.edit_sequence != posted.edit_sequence).then(|| self.on_both_sides(standing, settings))
            }
            (
                Attention::Updated { .. } | Attention::Error { errand: Errand::Mod(_) | Errand::Void(_), .. },
                Reread::Standing(standing),
            ) => self.is_news(standing).then_some(Event::ChangedAgain),
            (Attention::Error { errand: Errand::Add, .. } | Attention::Unconfirmed { .. }, _) => None,
        }
    }

    fn renewed_difference(&self, posted: &Posted, found: &Reread, standing: &Standing, settings: &Settings) -> Event {
        if let Some(drifted) = drift(self.sent, posted, found, &settings.tax_difference) {
            return drifted;
        }
        let (edit_sequence, ours_e5) = (standing.edit_sequence.clone(), self.sent.amount().e5());
        let theirs_e5 = standing.total_e5.or(standing.amount_e5).unwrap_or(ours_e5);
        let difference_e5 = ours_e5.saturating_sub(theirs_e5).saturating_abs();
        match Amount::from_e5(theirs_e5) {
            Ok(theirs) if difference_e5 > settings.tax_difference.accepted_e5() => {
                Event::Drifted { edit_sequence, cause: total_differs(self.sent.kind(), ours_e5, theirs) }
            }
            Ok(_) | Err(_) => Event::PutBack { edit_sequence, is_revised: self.is_revised },
        }
    }

    fn put_back(&self, found: &Reread) -> Option<Event> {
        let Reread::Standing(standing) = found else { return None };
        Some(Event::PutBack { edit_sequence: standing.edit_sequence.clone(), is_revised: self.is_revised })
    }

    /// What the change and QuickBooks have in common may have become less, or nothing.
    fn on_both_sides(&self, standing: &Standing, settings: &Settings) -> Event {
        let edit_sequence = standing.edit_sequence.clone();
        match touched_on_both_sides(self.sent, self.ours, standing, settings.changes) {
            Some(cause) => Event::ChangedThere { edit_sequence, cause },
            None => Event::PutBack { edit_sequence, is_revised: self.is_revised },
        }
    }

    fn gone(&self, posted: &Posted) -> Event {
        let cause: Cause = deleted_and_changed(self.sent.kind(), Some(posted));
        Event::GoneThere(cause)
    }

    /// What no visit has read yet is read in any case.
    fn is_news(&self, standing: &Standing) -> bool {
        match self.shown {
            Some(Reread::Standing(shown)) => shown.edit_sequence != standing.edit_sequence,
            Some(Reread::Gone) => true,
            None => false,
        }
    }
}
