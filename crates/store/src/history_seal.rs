//! Seals on the history: each covers the lines since the one before it and that one's hash, so that a line which somebody
//! changed, added or took away behind Bookferry's back is found.
//!
//! The tables refuse changes to history; a seal tells of those who go around the tables' own rules. Lines younger than the
//! last seal are not covered yet, and nothing protects against one who can also write seals and knows this file: keep a copy
//! of the last hash elsewhere where that matters.

use bookferry_sync::id::CompanyId;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::database::{Row, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;

/// A SHA-256 hash.
type Hash = [u8; 32];

/// Whether a company's history is as it was when it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryProof {
    /// All is as it was; `unsealed` lines are younger than the last seal.
    Unbroken { seals: u64, lines: u64, unsealed: u64 },
    /// Among the lines from `first_seq` to `last_seq` something is not what this seal covered.
    Broken { seal: i64, first_seq: i64, last_seq: i64 },
}

/// Lines under one seal at most, so that sealing a long history keeps little in memory and is taken up where it stopped.
const SEAL_LINES_MAX: u32 = 2000;
/// What stands before a company's first seal, with the company's id.
const GENESIS: &str = "bookferry history, version 1";

statements! {
    UNSEALED = both("history.unsealed_companies",
        "SELECT c.id FROM company AS c WHERE EXISTS (SELECT 1 FROM history AS h WHERE h.company_id = c.id AND h.seq >
             COALESCE((SELECT MAX(s.until_seq) FROM history_seal AS s WHERE s.company_id = c.id), 0))
         ORDER BY c.id");
    NEWEST = both("history.newest", "SELECT MAX(seq) AS seq FROM history WHERE company_id = $1");
    LAST = both("history_seal.last",
        "SELECT number, until_seq, line_count, hash FROM history_seal WHERE company_id = $1
         ORDER BY number DESC LIMIT 1");
    AFTER = both("history_seal.after",
        "SELECT number, until_seq, line_count, hash FROM history_seal WHERE company_id = $1 AND number > $2
         ORDER BY number LIMIT 1");
    LINES = both("history.to_seal",
        "SELECT seq, record_id, at_us, actor, from_where, event, from_status, to_status, reason
         FROM history WHERE company_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT +$4");
    COUNT_AFTER = both("history.count_after",
        "SELECT COUNT(*) AS line_count FROM history WHERE company_id = $1 AND seq > $2");
    INSERT = both("history_seal.insert",
        "INSERT INTO history_seal (company_id, number, until_seq, line_count, hash, sealed_us)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (company_id, number) DO NOTHING");
}

impl Store {
    /// The companies whose history has lines that no seal covers yet.
    pub async fn unsealed_companies(&self) -> Result<Vec<CompanyId>> {
        self.database.rows(&UNSEALED, values![]).await?.iter().map(|row| row.parse("id")).collect()
    }

    /// Seals the company's history up to its newest line; returns how many lines were covered. Where two processes do so at
    /// once, one of them covers them and the other none.
    pub async fn seal_history(&self, company: CompanyId, now: Timestamp) -> Result<u64> {
        let newest = self.newest_line(company).await?;
        let mut last = self.last_seal(company).await?;
        let mut covered = 0;
        while last.until_seq < newest {
            let lines = self.lines_between(company, last.until_seq, newest).await?;
            let Some(until_seq) = lines.last().map(|row| row.integer("seq")).transpose()? else { break };
            let next = Seal {
                number: last.number + 1,
                until_seq,
                line_count: i64::try_from(lines.len()).unwrap_or(i64::MAX),
                hash: hash_of(&last.hash, &lines)?,
            };
            let values = values![company, next.number, next.until_seq, next.line_count, &next.hash, now];
            if self.database.execute(&INSERT, values).await? == 0 {
                break;
            }
            covered += u64::try_from(next.line_count).unwrap_or(0);
            last = next;
        }
        Ok(covered)
    }

    /// Reads the company's whole history and holds it against its seals.
    pub async fn prove_history(&self, company: CompanyId) -> Result<HistoryProof> {
        let mut last = Seal::genesis(company);
        let mut lines_seen = 0;
        while let Some(row) = self.database.row(&AFTER, values![company, last.number]).await? {
            let seal = Seal::read(&row)?;
            let lines = self.lines_between(company, last.until_seq, seal.until_seq).await?;
            let is_whole = seal.number == last.number + 1 && i64::try_from(lines.len()) == Ok(seal.line_count);
            if !is_whole || hash_of(&last.hash, &lines)? != seal.hash {
                let first_seq = last.until_seq + 1;
                return Ok(HistoryProof::Broken { seal: seal.number, first_seq, last_seq: seal.until_seq });
            }
            lines_seen += u64::try_from(seal.line_count).unwrap_or(0);
            last = seal;
        }
        let seals = u64::try_from(last.number).unwrap_or(0);
        let row = self.database.row(&COUNT_AFTER, values![company, last.until_seq]).await?;
        let unsealed = row.map_or(Ok(0), |row| row.count("line_count"))?;
        Ok(HistoryProof::Unbroken { seals, lines: lines_seen, unsealed })
    }

    /// The company's newest line of which it is certain that no older one is still on its way: PostgreSQL gives out numbers
    /// before it commits, so whoever writes history for the company is waited for.
    async fn newest_line(&self, company: CompanyId) -> Result<i64> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let newest = transaction.row(&NEWEST, values![company]).await?;
        transaction.commit("newest_history_line").await?;
        Ok(newest.map(|row| row.optional_integer("seq")).transpose()?.flatten().unwrap_or(0))
    }

    async fn last_seal(&self, company: CompanyId) -> Result<Seal> {
        let row = self.database.row(&LAST, values![company]).await?;
        row.map_or_else(|| Ok(Seal::genesis(company)), |row| Seal::read(&row))
    }

    /// At most as many lines as one seal covers.
    async fn lines_between(&self, company: CompanyId, after: i64, until: i64) -> Result<Vec<Row>> {
        self.database.rows(&LINES, values![company, after, until, i64::from(SEAL_LINES_MAX)]).await
    }
}

struct Seal {
    number: i64,
    /// The last line that it covers; the first is the one after the seal before.
    until_seq: i64,
    line_count: i64,
    hash: Hash,
}

impl Seal {
    fn genesis(company: CompanyId) -> Self {
        let hash = Sha256::new().chain_update(GENESIS).chain_update(company.to_string()).finalize();
        Self { number: 0, until_seq: 0, line_count: 0, hash: hash.into() }
    }

    fn read(row: &Row) -> Result<Self> {
        let hash = row.blob("hash")?;
        Ok(Self {
            number: row.integer("number")?,
            until_seq: row.integer("until_seq")?,
            line_count: row.integer("line_count")?,
            hash: hash.try_into().map_err(|_| row.inconsistent("hash", "it is not 32 bytes long"))?,
        })
    }
}

/// Each field with its length before it, so that no two histories read the same.
fn hash_of(before: &Hash, lines: &[Row]) -> Result<Hash> {
    let mut hasher = Sha256::new().chain_update(before);
    for line in lines {
        for number in ["seq", "at_us"] {
            hasher.update(line.integer(number)?.to_be_bytes());
        }
        for text in ["record_id", "actor", "from_where", "event", "from_status", "to_status", "reason"] {
            let text = line.optional_text(text)?;
            hasher.update(text.as_ref().map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            hasher.update(text.unwrap_or_default());
        }
    }
    Ok(hasher.finalize().into())
}
