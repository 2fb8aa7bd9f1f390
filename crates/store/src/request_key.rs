//! Requests that the application marked with an `Idempotency-Key`, and what they were answered: sent again, they are
//! answered the same and done no second time.

use bookferry_sync::id::CompanyId;
use jiff::{SignedDuration, Timestamp};

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A request without an answer after this time was cut off, by the end of the server for one.
const RUNS_MAX: SignedDuration = SignedDuration::from_secs(60);

/// What is to be done with a request that bears a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStart {
    /// It has to be worked off.
    Anew,
    /// Another with this key is being worked off.
    UnderWay,
    /// One with this key moved so many records and was cut off before it was answered.
    Moved(u64),
    Answered(KeptAnswer),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Tells whether the request sent again is the same.
    pub fingerprint: Vec<u8>,
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

statements! {
    DELETE_EXPIRED = both("request_key.delete_expired", "DELETE FROM request_key WHERE company_id = $1 AND begun_us < $2");
    BEGIN = both("request_key.begin",
        "INSERT INTO request_key (company_id, key, begun_us) VALUES ($1, $2, $3)
         ON CONFLICT (company_id, key) DO UPDATE SET begun_us = excluded.begun_us
         WHERE request_key.begun_us < $4 AND request_key.status IS NULL AND request_key.moved IS NULL");
    FIND = both("request_key.find",
        "SELECT moved, fingerprint, status, content_type, body FROM request_key WHERE company_id = $1 AND key = $2");
    NOTE_MOVED = both("request_key.note_moved",
        "UPDATE request_key SET moved = $3 WHERE company_id = $1 AND key = $2 AND moved IS NULL");
    ANSWER = both("request_key.answer",
        "UPDATE request_key SET fingerprint = $3, status = $4, content_type = $5, body = $6
         WHERE company_id = $1 AND key = $2 AND status IS NULL");
    FORGET = both("request_key.forget",
        "DELETE FROM request_key WHERE company_id = $1 AND key = $2 AND status IS NULL AND moved IS NULL");
}

impl Store {
    /// Takes the key for this request, unless another has it.
    pub async fn begin_request(&self, company: CompanyId, key: &str, now: Timestamp) -> Result<RequestStart> {
        self.database.execute(&DELETE_EXPIRED, values![company, now - KEPT]).await?;
        let begun = self.database.execute(&BEGIN, values![company, key, now, now - RUNS_MAX]).await?;
        if begun > 0 {
            return Ok(RequestStart::Anew);
        }
        let found = self.database.row(&FIND, values![company, key]).await?;
        found.as_ref().map_or(Ok(RequestStart::UnderWay), RequestStart::read)
    }

    /// Keeps what the request was answered, before the answer goes out.
    pub async fn answer_request(&self, company: CompanyId, key: &str, answer: &KeptAnswer) -> Result<()> {
        let KeptAnswer { fingerprint, status, content_type, body } = answer;
        let status = i64::from(*status);
        let values = values![company, key, fingerprint.as_slice(), status, content_type.as_str(), body.as_slice()];
        self.database.execute_one(&ANSWER, values).await
    }

    /// The request changed nothing, so that the key is free again.
    pub async fn forget_request(&self, company: CompanyId, key: &str) -> Result<()> {
        self.database.execute(&FORGET, values![company, key]).await?;
        Ok(())
    }
}

impl Transaction {
    /// Fails where the key was noted to have moved records before, so that two that run after all cannot both.
    pub(crate) async fn note_moved(&mut self, company: CompanyId, key: &str, moved: u64) -> Result<()> {
        let moved = i64::try_from(moved).unwrap_or(i64::MAX);
        self.execute_exactly(1, &NOTE_MOVED, values![company, key, moved]).await
    }
}

impl RequestStart {
    fn read(row: &Row) -> Result<Self> {
        match (row.optional_integer("status")?, row.optional_integer("moved")?) {
            (Some(_), _) => Ok(Self::Answered(KeptAnswer::read(row)?)),
            (None, Some(_)) => Ok(Self::Moved(row.count("moved")?)),
            (None, None) => Ok(Self::UnderWay),
        }
    }
}

impl KeptAnswer {
    fn read(row: &Row) -> Result<Self> {
        let status = row.integer("status")?;
        Ok(Self {
            fingerprint: row.blob("fingerprint")?,
            status: u16::try_from(status).map_err(|error| row.inconsistent("status", error))?,
            content_type: row.text("content_type")?,
            body: row.blob("body")?,
        })
    }
}
