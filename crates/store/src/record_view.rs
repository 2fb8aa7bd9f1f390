//! One record with all that is kept of it, and what waits for a person.

use bookferry_sync::id::{CompanyId, MessageSetKey, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use crate::database::{Row, values};
use crate::error::Result;
use crate::grid::{RecordLine, Total, line_columns};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::join_paid_invoice;

/// A record with its newest content.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordContent {
    pub line: RecordLine,
    pub content: Content,
    /// Whether the newest revision voids it.
    pub voided: bool,
    /// Whether a person corrected it here since the application said something new.
    pub made_here: bool,
}

/// A record with everything that was ever written about it, newest first, each up to 500.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    pub record: RecordContent,
    pub revisions: Vec<Revision>,
    pub attempts: Vec<Attempt>,
    pub history: Vec<HistoryLine>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    pub number: i64,
    pub content: Content,
    pub voided: bool,
    pub created_at: Timestamp,
    pub actor: String,
    /// Whether a person corrected it here, and not the application.
    pub made_here: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub message_set: MessageSetKey,
    pub record_id: RecordId,
    pub revision: i64,
    pub request_id: String,
    /// `add`, `mod` or `void`.
    pub errand: String,
    pub sent_at: Timestamp,
    /// Empty, as is all below, while the answer is not known.
    pub settled_at: Option<Timestamp>,
    pub outcome: Option<String>,
    pub status_code: Option<i64>,
    pub status_message: Option<String>,
    pub txn_id: Option<String>,
}

/// One move of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub seq: i64,
    pub record_id: RecordId,
    pub at: Timestamp,
    pub actor: String,
    pub from_where: String,
    pub event: String,
    pub from_status: Option<String>,
    pub to_status: String,
    pub reason: Option<String>,
}

/// One move, with the record as its application knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    pub line: HistoryLine,
    pub kind: RecordKind,
    pub external_id: String,
}

/// An invoice that a payment goes to and that QuickBooks does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    pub payment_id: RecordId,
    pub invoice_external_id: String,
    /// `None` if it was never handed over.
    pub invoice: Option<(RecordId, String)>,
}

/// A payment, and what of it goes to an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPart {
    pub id: RecordId,
    pub number: String,
    pub status: Status,
    /// In hundred-thousandths.
    pub amount_e5: i64,
}

/// Records that wait for a person for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionGroup {
    /// `error`, `unconfirmed`, `updated`, `voided`, `differs` or `gone`.
    pub attention: String,
    pub cause_code: Option<String>,
    /// The text of one of them.
    pub cause_text: Option<String>,
    pub total: Total,
    /// Since when the longest-waiting of them has been as it is.
    pub oldest: Timestamp,
}

const KEPT_SHOWN_MAX: i64 = 500;

statements! {
    FIND = both("record.find",
        concat!("SELECT ", line_columns!(), ", newest.content, newest.voided, newest.made_here
         FROM record AS r JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE r.id = $2 AND r.company_id = $1"));
    FIND_BY_EXTERNAL_ID = both("record.find_by_external_id",
        concat!("SELECT ", line_columns!(), ", newest.content, newest.voided, newest.made_here
         FROM record_key AS k JOIN record AS r ON r.seq = k.seq
         JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE k.company_id = $1 AND k.kind = $2 AND k.external_id = $3"));
    REVISIONS = both("revision.of_record",
        "SELECT record_id AS id, number, content, voided, created_us, actor, made_here FROM revision WHERE record_id = $1
         ORDER BY number DESC LIMIT +$2");
    ATTEMPTS = both("attempt.of_record",
        "SELECT message_set_key, record_id AS id, revision, request_id, errand, sent_us, settled_us, outcome,
             status_code, status_message, txn_id
         FROM attempt WHERE record_id = $1 ORDER BY sent_us DESC LIMIT +$2");
    ATTEMPTS_OF_SET = both("attempt.of_message_set",
        "SELECT a.message_set_key, a.record_id AS id, a.revision, a.request_id, a.errand, a.sent_us, a.settled_us,
             a.outcome, a.status_code, a.status_message, a.txn_id
         FROM attempt AS a JOIN message_set AS m ON m.id = a.message_set_key
         WHERE a.message_set_key = $2 AND m.company_id = $1 ORDER BY a.record_id LIMIT +$3");
    HISTORY = both("history.of_record",
        "SELECT seq, record_id AS id, at_us, actor, from_where, event, from_status, to_status, reason
         FROM history WHERE record_id = $1 ORDER BY seq DESC LIMIT +$2");
    EVENTS = both("history.of_company",
        "SELECT h.seq, h.record_id AS id, h.at_us, h.actor, h.from_where, h.event, h.from_status, h.to_status, h.reason,
             r.kind, r.external_id
         FROM history AS h JOIN record AS r ON r.id = h.record_id
         WHERE h.company_id = $1 AND h.seq > $2 ORDER BY h.seq LIMIT +$3");
    AWAITED = both("application.awaited",
        concat!("SELECT a.payment_id AS id, a.invoice_external_id, invoice.id AS invoice_id, invoice.number
         FROM jsonb_each($2) AS given CROSS JOIN application AS a
         ", join_paid_invoice!(), "
         WHERE a.payment_id = given.value->>'id' AND a.company_id = $1 AND invoice.txn_id IS NULL
         ORDER BY a.payment_id, a.position"));
    ATTEMPT = both("attempt.find",
        "SELECT a.message_set_key, a.record_id AS id, a.revision, a.request_id, a.errand, a.sent_us, a.settled_us,
             a.outcome, a.status_code, a.status_message, a.txn_id
         FROM attempt AS a JOIN message_set AS m ON m.id = a.message_set_key
         WHERE a.message_set_key = $2 AND a.record_id = $3 AND m.company_id = $1");
    PAYMENTS = both("application.of_invoice",
        "SELECT r.id, r.number, r.status, a.amount_e5
         FROM application AS a JOIN record AS r ON r.id = a.payment_id
         WHERE a.company_id = $1 AND a.invoice_external_id = $2 ORDER BY r.seq, a.position LIMIT $3");
    ATTENTION = both("record.attention_groups",
        "SELECT attention, cause_code, MIN(cause_text) AS cause_text, COUNT(*) AS record_count,
             CAST(SUM(amount_e5) AS BIGINT) AS sum_e5, MIN(changed_us) AS oldest_us
         FROM record AS r WHERE company_id = $1 AND status = 'needs_attention'
             AND NOT EXISTS (SELECT 1 FROM care AS c WHERE c.record_id = r.id AND c.snoozed_version = r.version
                 AND c.snoozed_until_us > $2)
         GROUP BY attention, cause_code ORDER BY COUNT(*) DESC, attention, cause_code");
}

impl Store {
    /// The record with its revisions, attempts and history; `None` if the company has no such record.
    pub async fn record(&self, company: CompanyId, id: RecordId) -> Result<Option<RecordView>> {
        let Some(row) = self.database.row(&FIND, values![company, id]).await? else { return Ok(None) };
        let record = RecordContent::read(&row)?;
        let kind = record.line.kind;
        let revisions = self.database.rows(&REVISIONS, values![id, KEPT_SHOWN_MAX]).await?;
        let attempts = self.database.rows(&ATTEMPTS, values![id, KEPT_SHOWN_MAX]).await?;
        let history = self.database.rows(&HISTORY, values![id, KEPT_SHOWN_MAX]).await?;
        Ok(Some(RecordView {
            record,
            revisions: revisions.iter().map(|row| Revision::read(row, kind)).collect::<Result<_>>()?,
            attempts: attempts.iter().map(Attempt::read).collect::<Result<_>>()?,
            history: history.iter().map(HistoryLine::read).collect::<Result<_>>()?,
        }))
    }

    pub async fn record_by_external_id(
        &self,
        company: CompanyId,
        kind: RecordKind,
        external_id: &str,
    ) -> Result<Option<RecordContent>> {
        if external_id.contains('\0') {
            return Ok(None);
        }
        let values = values![company, kind.as_str(), external_id];
        self.database.row(&FIND_BY_EXTERNAL_ID, values).await?.map(|row| RecordContent::read(&row)).transpose()
    }

    /// What happened to the company's records after `after`, oldest first. Whatever moves a record locks its company, so that
    /// nothing is committed later that comes before.
    pub async fn events(&self, company: CompanyId, after: i64, limit: u32) -> Result<Vec<Happening>> {
        let rows = self.database.rows(&EVENTS, values![company, after, i64::from(limit)]).await?;
        let read = |row: &Row| {
            let line = HistoryLine::read(row)?;
            Ok(Happening { line, kind: row.parse("kind")?, external_id: row.text("external_id")? })
        };
        rows.iter().map(read).collect()
    }

    /// The invoices that these payments still wait for.
    pub async fn waits_for(&self, company: CompanyId, payments: &[RecordId]) -> Result<Vec<Awaited>> {
        let keys: Vec<_> = payments.iter().map(|&id| crate::submission::RecordKey { id }).collect();
        let rows = self.database.rows(&AWAITED, values![company, serde_json::to_string(&keys)?]).await?;
        rows.iter().map(Awaited::read).collect()
    }

    /// The parts of records in a message set.
    pub async fn attempts_of(&self, company: CompanyId, message_set: MessageSetKey) -> Result<Vec<Attempt>> {
        let rows = self.database.rows(&ATTEMPTS_OF_SET, values![company, message_set, KEPT_SHOWN_MAX]).await?;
        rows.iter().map(Attempt::read).collect()
    }

    /// The record's part in this message set.
    pub async fn attempt(
        &self,
        company: CompanyId,
        message_set: MessageSetKey,
        record: RecordId,
    ) -> Result<Option<Attempt>> {
        let row = self.database.row(&ATTEMPT, values![company, message_set, record]).await?;
        row.map(|row| Attempt::read(&row)).transpose()
    }

    /// The payments that go to an invoice, by their newest revisions.
    pub async fn payments_of(&self, company: CompanyId, invoice_external_id: &str) -> Result<Vec<PaymentPart>> {
        let rows = self.database.rows(&PAYMENTS, values![company, invoice_external_id, KEPT_SHOWN_MAX]).await?;
        rows.iter().map(PaymentPart::read).collect()
    }

    /// Everything under Needs Attention by cause, most frequent first, but for what is out of the way.
    pub async fn attention_groups(&self, company: CompanyId, now: Timestamp) -> Result<Vec<AttentionGroup>> {
        let rows = self.database.rows(&ATTENTION, values![company, now]).await?;
        rows.iter().map(AttentionGroup::read).collect()
    }
}

impl RecordContent {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let line = RecordLine::read(row)?;
        let content = read_content(row, line.kind)?;
        Ok(Self { line, content, voided: row.flag("voided")?, made_here: row.flag("made_here")? })
    }
}

impl Revision {
    fn read(row: &Row, kind: RecordKind) -> Result<Self> {
        Ok(Self {
            number: row.integer("number")?,
            content: read_content(row, kind)?,
            voided: row.flag("voided")?,
            created_at: row.instant("created_us")?,
            actor: row.text("actor")?,
            made_here: row.flag("made_here")?,
        })
    }
}

fn read_content(row: &Row, kind: RecordKind) -> Result<Content> {
    Content::from_json(kind, &row.text("content")?).map_err(|error| row.inconsistent("content", error))
}

impl Attempt {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            message_set: row.parse("message_set_key")?,
            record_id: row.parse("id")?,
            revision: row.integer("revision")?,
            request_id: row.text("request_id")?,
            errand: row.text("errand")?,
            sent_at: row.instant("sent_us")?,
            settled_at: row.optional_instant("settled_us")?,
            outcome: row.optional_text("outcome")?,
            status_code: row.optional_integer("status_code")?,
            status_message: row.optional_text("status_message")?,
            txn_id: row.optional_text("txn_id")?,
        })
    }
}

impl HistoryLine {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            seq: row.integer("seq")?,
            record_id: row.parse("id")?,
            at: row.instant("at_us")?,
            actor: row.text("actor")?,
            from_where: row.text("from_where")?,
            event: row.text("event")?,
            from_status: row.optional_text("from_status")?,
            to_status: row.text("to_status")?,
            reason: row.optional_text("reason")?,
        })
    }
}

impl Awaited {
    fn read(row: &Row) -> Result<Self> {
        let invoice = match row.optional_text("number")? {
            Some(number) => Some((row.parse("invoice_id")?, number)),
            None => None,
        };
        Ok(Self { payment_id: row.parse("id")?, invoice_external_id: row.text("invoice_external_id")?, invoice })
    }
}

impl PaymentPart {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.parse("id")?,
            number: row.text("number")?,
            status: row.parse("status")?,
            amount_e5: row.integer("amount_e5")?,
        })
    }
}

impl AttentionGroup {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            attention: row.text("attention")?,
            cause_code: row.optional_text("cause_code")?,
            cause_text: row.optional_text("cause_text")?,
            total: Total { count: row.count("record_count")?, sum_e5: row.integer("sum_e5")? },
            oldest: row.instant("oldest_us")?,
        })
    }
}
