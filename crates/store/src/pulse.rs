//! Whether anything happened in a company since somebody looked, for the price of a look at four indexes.

use bookferry_sync::id::CompanyId;
use serde::Serialize;

use crate::database::{Row, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;

/// What differs once anything has happened in a company that its pages show. Two are compared and never read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pulse {
    /// The newest line of the history. All that moves a record writes one, and a company's work is done in turn.
    pub history_seq: i64,
    visit_seq: i64,
    called_us: i64,
    heard_us: i64,
    refused_us: i64,
}

/// A text that is no pulse of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no pulse")]
pub struct PulseError;

#[derive(Serialize)]
struct CompanyKey {
    id: CompanyId,
}

statements! {
    PULSES = both("company.pulses",
        "SELECT company.id, COALESCE(company.last_heard_us, 0) AS heard_us,
             COALESCE(company.last_refused_us, 0) AS refused_us,
             COALESCE((SELECT MAX(seq) FROM history WHERE history.company_id = company.id), 0) AS history_seq,
             COALESCE((SELECT MAX(seq) FROM visit WHERE visit.company_id = company.id), 0) AS visit_seq,
             COALESCE((SELECT last_call_us FROM visit WHERE visit.company_id = company.id AND closed_us IS NULL), 0)
                 AS called_us
         FROM jsonb_each($1) AS given CROSS JOIN company WHERE company.id = given.value->>'id'");
}

impl Store {
    /// The pulses of these companies in one statement, in no particular order.
    pub async fn pulses(&self, companies: &[CompanyId]) -> Result<Vec<(CompanyId, Pulse)>> {
        let keys: Vec<CompanyKey> = companies.iter().map(|&id| CompanyKey { id }).collect();
        let rows = self.database.rows(&PULSES, values![serde_json::to_string(&keys)?]).await?;
        rows.iter().map(|row| Ok((row.parse("id")?, Pulse::read(row)?))).collect()
    }

    pub async fn pulse(&self, company: CompanyId) -> Result<Pulse> {
        Ok(self.pulses(&[company]).await?.pop().map(|(_, pulse)| pulse).unwrap_or_default())
    }
}

impl Pulse {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            history_seq: row.integer("history_seq")?,
            visit_seq: row.integer("visit_seq")?,
            called_us: row.integer("called_us")?,
            heard_us: row.integer("heard_us")?,
            refused_us: row.integer("refused_us")?,
        })
    }
}

impl std::fmt::Display for Pulse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}-{}-{}", self.history_seq, self.visit_seq, self.called_us, self.heard_us, self.refused_us)
    }
}

impl std::str::FromStr for Pulse {
    type Err = PulseError;

    fn from_str(text: &str) -> Result<Self, PulseError> {
        let numbers: Vec<i64> = text.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| PulseError)?;
        match numbers.as_slice() {
            &[history_seq, visit_seq, called_us, heard_us, refused_us] => {
                Ok(Self { history_seq, visit_seq, called_us, heard_us, refused_us })
            }
            _ => Err(PulseError),
        }
    }
}
