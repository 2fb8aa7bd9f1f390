//! A submission's state as columns, and back. The columns are the database's and nobody else's.

use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::record::UnknownWord;
use crate::submission::{Attention, Errand, Meanwhile, Posted, State, Status};

/// One state, flattened. Columns that a state does not have are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRow {
    pub status: String,
    /// `add`, `mod` or `void`: what is, was or would be done in QuickBooks.
    pub errand: Option<String>,
    /// `error`, `unconfirmed`, `updated`, `voided` or `differs`, under Needs Attention only.
    pub attention: Option<String>,
    /// `revised` or `voided`: what the application did since the errand began.
    pub meanwhile: Option<String>,
    pub cause_code: Option<String>,
    pub cause_text: Option<String>,
    pub cause_detail: Option<String>,
    pub txn_id: Option<String>,
    pub edit_sequence: Option<String>,
    pub posted_revision: Option<i64>,
}

/// Columns that make no state: somebody else wrote them, or the disk did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateRowError {
    #[error("the column {column} does not go with the status {status}")]
    Inconsistent { column: &'static str, status: String },
    #[error("a column holds an unknown word")]
    Word(#[from] UnknownWord),
}

impl From<&State> for StateRow {
    fn from(state: &State) -> Self {
        let posted = state.posted();
        let mut row = Self {
            status: state.status().as_str().to_owned(),
            errand: None,
            attention: None,
            meanwhile: None,
            cause_code: None,
            cause_text: None,
            cause_detail: None,
            txn_id: posted.map(|posted| posted.txn_id.clone()),
            edit_sequence: posted.map(|posted| posted.edit_sequence.clone()),
            posted_revision: posted.map(|posted| posted.revision),
        };
        match state {
            State::HeldBack | State::Unsent | State::Submitted(_) => {}
            State::ReadyToSync(errand) => row.errand = Some(errand.as_str().to_owned()),
            State::Sending { errand, meanwhile } | State::Unconfirmed { errand, meanwhile } => {
                row.errand = Some(errand.as_str().to_owned());
                row.meanwhile = meanwhile.column();
            }
            State::NeedsAttention(attention) => row.set_attention(attention),
            State::Excluded { voided, .. } => row.meanwhile = voided.then(|| "voided".to_owned()),
        }
        row
    }
}

impl StateRow {
    fn set_attention(&mut self, attention: &Attention) {
        let (word, cause) = match attention {
            Attention::Error { cause, errand, changed_since } => {
                self.errand = Some(errand.as_str().to_owned());
                self.meanwhile = changed_since.then(|| "revised".to_owned());
                ("error", Some(cause))
            }
            Attention::Unconfirmed { cause, errand, meanwhile } => {
                self.errand = Some(errand.as_str().to_owned());
                self.meanwhile = meanwhile.column();
                ("unconfirmed", Some(cause))
            }
            Attention::Updated { voided: false, .. } => ("updated", None),
            Attention::Updated { voided: true, .. } => ("voided", None),
            Attention::Differs { cause, .. } => ("differs", Some(cause)),
            Attention::Gone { cause, .. } => ("gone", Some(cause)),
        };
        self.attention = Some(word.to_owned());
        if let Some(cause) = cause {
            self.cause_code = Some(cause.code.clone());
            self.cause_text = Some(cause.text.clone());
            self.cause_detail = Some(cause.detail.clone());
        }
    }

    fn inconsistent(&self, column: &'static str) -> StateRowError {
        StateRowError::Inconsistent { column, status: self.status.clone() }
    }

    /// All three columns or none: half of them would be a transaction of which we forgot that it is in QuickBooks.
    fn posted(&self) -> Result<Option<Posted>, StateRowError> {
        match (&self.txn_id, &self.edit_sequence, self.posted_revision) {
            (None, None, None) => Ok(None),
            (Some(txn_id), Some(edit_sequence), Some(revision)) => {
                Ok(Some(Posted { txn_id: txn_id.clone(), edit_sequence: edit_sequence.clone(), revision }))
            }
            (Some(_) | None, _, _) => Err(self.inconsistent("txn_id")),
        }
    }

    fn required_posted(&self) -> Result<Posted, StateRowError> {
        self.posted()?.ok_or_else(|| self.inconsistent("txn_id"))
    }

    fn errand(&self) -> Result<Errand, StateRowError> {
        match self.errand.as_deref() {
            Some("add") => Ok(Errand::Add),
            Some("mod") => self.required_posted().map(Errand::Mod),
            Some("void") => self.required_posted().map(Errand::Void),
            Some(_) | None => Err(self.inconsistent("errand")),
        }
    }

    fn meanwhile(&self) -> Result<Meanwhile, StateRowError> {
        match self.meanwhile.as_deref() {
            None => Ok(Meanwhile::Nothing),
            Some("revised") => Ok(Meanwhile::Revised),
            Some("voided") => Ok(Meanwhile::Voided),
            Some(_) => Err(self.inconsistent("meanwhile")),
        }
    }

    fn cause(&self) -> Result<Cause, StateRowError> {
        match (&self.cause_code, &self.cause_text) {
            (Some(code), Some(text)) => Ok(Cause::new(code, text, self.cause_detail.as_deref().unwrap_or(""))),
            (Some(_) | None, _) => Err(self.inconsistent("cause_code")),
        }
    }

    fn attention(&self) -> Result<Attention, StateRowError> {
        Ok(match self.attention.as_deref() {
            Some("error") => Attention::Error {
                cause: self.cause()?,
                errand: self.errand()?,
                changed_since: self.meanwhile()? != Meanwhile::Nothing,
            },
            Some("unconfirmed") => {
                Attention::Unconfirmed { cause: self.cause()?, errand: self.errand()?, meanwhile: self.meanwhile()? }
            }
            Some("updated") => Attention::Updated { posted: self.required_posted()?, voided: false },
            Some("voided") => Attention::Updated { posted: self.required_posted()?, voided: true },
            Some("differs") => Attention::Differs { posted: self.required_posted()?, cause: self.cause()? },
            Some("gone") => Attention::Gone { posted: self.required_posted()?, cause: self.cause()? },
            Some(_) | None => return Err(self.inconsistent("attention")),
        })
    }
}

impl TryFrom<&StateRow> for State {
    type Error = StateRowError;

    fn try_from(row: &StateRow) -> Result<Self, StateRowError> {
        let state = row.state()?;
        // What the state does not account for is lost knowledge, and that of a TxnID would be a duplicate.
        if StateRow::from(&state) != *row {
            return Err(row.inconsistent("errand"));
        }
        Ok(state)
    }
}

impl StateRow {
    fn state(&self) -> Result<State, StateRowError> {
        let row = self;
        Ok(match row.status.parse::<Status>()? {
            Status::HeldBack => State::HeldBack,
            Status::Unsent => State::Unsent,
            Status::ReadyToSync => State::ReadyToSync(row.errand()?),
            Status::Sending => State::Sending { errand: row.errand()?, meanwhile: row.meanwhile()? },
            Status::Unconfirmed => State::Unconfirmed { errand: row.errand()?, meanwhile: row.meanwhile()? },
            Status::Submitted => State::Submitted(row.required_posted()?),
            Status::NeedsAttention => State::NeedsAttention(row.attention()?),
            Status::Excluded => {
                State::Excluded { voided: row.meanwhile()? == Meanwhile::Voided, posted: row.posted()? }
            }
        })
    }
}

impl Meanwhile {
    fn column(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Revised => Some("revised".to_owned()),
            Self::Voided => Some("voided".to_owned()),
        }
    }
}
