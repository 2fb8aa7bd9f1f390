use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use ureq::Agent;

use crate::chaos::shop::Handed;

/// The API, with a company's key.
pub(crate) struct Api {
    agent: Agent,
    address: String,
    key: String,
}

/// A record as the API tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) external_id: String,
    pub(crate) status: String,
    pub(crate) txn_id: Option<String>,
    /// Why it needs attention, for people.
    pub(crate) reason: String,
}

/// An answer of the API that is no success.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    /// RFC 9457; null where it is none.
    problem: Value,
    text: String,
}

const CALL_PATIENCE: Duration = Duration::from_secs(30);
const BODY_BYTES_MAX: u64 = 16 << 20;

impl Api {
    pub(crate) fn new(address: String, key: String) -> Self {
        // A server that refuses a request before it has read its body closes the connection afterwards; the next call on it
        // would fail for that alone.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(CALL_PATIENCE))
            .max_idle_connections(0)
            .build();
        Self { agent: config.new_agent(), address, key }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.agent.get(format!("{}/readyz", self.address)).call().is_ok_and(|answer| answer.status() == 200)
    }

    /// Every record, page by page.
    pub(crate) fn records(&self) -> Result<Vec<Told>> {
        let mut records = Vec::new();
        self.each_record(|record| Told::read(record).map(|told| records.push(told)))?;
        Ok(records)
    }

    /// Every record as the API writes it.
    pub(crate) fn each_record(&self, mut take: impl FnMut(&Value) -> Result<()>) -> Result<()> {
        let mut path = "/api/v1/records?limit=200".to_owned();
        loop {
            let page = self.get(&path)?;
            page["data"].as_array().context("a page without data")?.iter().try_for_each(&mut take)?;
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("/api/v1/records?limit=200&cursor={cursor}"),
                None => return Ok(()),
            }
        }
    }

    /// One record with its content and preflight.
    pub(crate) fn record(&self, kind: &str, external_id: &str) -> Result<Value> {
        self.get(&format!("/api/v1/{kind}s/{external_id}"))
    }

    /// How many records every status has.
    pub(crate) fn summary(&self) -> Result<Value> {
        self.get("/api/v1/summary")
    }

    /// Marks records ready to sync; those that are already stay as they are.
    pub(crate) fn release(&self, ids: &[String]) -> Result<()> {
        self.move_records("ready", &json!({ "ids": ids }))
    }

    /// Marks everything ready to sync that is not.
    pub(crate) fn release_all(&self) -> Result<()> {
        self.move_records("ready", &json!({ "filter": {} }))
    }

    /// Moves the selected records by the word of the address: `ready`, `unready`, `exclude`, `include`, `retry`.
    pub(crate) fn move_records(&self, word: &str, selection: &Value) -> Result<()> {
        self.send("POST", &format!("records/{word}"), &selection.to_string()).map(drop)
    }

    /// The same with an `Idempotency-Key`.
    pub(crate) fn move_records_once(&self, word: &str, selection: &Value, key: &str) -> Result<()> {
        self.send_once("POST", &format!("records/{word}"), &selection.to_string(), Some(key)).map(drop)
    }

    pub(crate) fn put(&self, handed: &Handed) -> Result<()> {
        self.send("PUT", &handed.place(), &handed.content().to_string()).map(drop)
    }

    pub(crate) fn void(&self, handed: &Handed) -> Result<()> {
        self.send("DELETE", &handed.place(), "").map(drop)
    }

    /// Hands over a record a line, and gives a line of answer for each.
    pub(crate) fn batch(&self, ndjson: &str) -> Result<String> {
        let answer = self.send("POST", "records/batch", ndjson)?;
        ensure!(!answer.contains("\"error\""), "a line of the batch was refused: {answer}");
        Ok(answer)
    }

    pub(crate) fn resolve(&self, id: &str, decision: &Value) -> Result<()> {
        self.send("POST", &format!("records/{id}/resolve"), &decision.to_string()).map(drop)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Result<String> {
        self.send_once(method, path, body, None)
    }

    fn send_once(&self, method: &str, path: &str, body: &str, key: Option<&str>) -> Result<String> {
        let content_type = if path.ends_with("batch") { "application/x-ndjson" } else { "application/json" };
        let mut request = ureq::http::Request::builder();
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request
            .method(method)
            .uri(format!("{}/api/v1/{path}", self.address))
            .header("Authorization", format!("Bearer {}", self.key))
            .header("Content-Type", content_type)
            .body(body.to_owned())?;
        text_of(self.agent.run(request)?)
    }

    fn get(&self, path: &str) -> Result<Value> {
        let request = self.agent.get(format!("{}{path}", self.address));
        read(request.header("Authorization", format!("Bearer {}", self.key)).call()?)
    }
}

impl Told {
    fn read(record: &Value) -> Result<Self> {
        Ok(Self {
            id: text(record, "id")?,
            external_id: text(record, "external_id")?,
            status: text(record, "status")?,
            txn_id: record["txn_id"].as_str().map(str::to_owned),
            reason: format!("{} {}", record["attention"].as_str().unwrap_or_default(), record["cause"]),
        })
    }
}

/// A text that every record has.
pub(crate) fn text(record: &Value, field: &str) -> Result<String> {
    Ok(record[field].as_str().with_context(|| format!("a record without {field}: {record}"))?.to_owned())
}

fn read(response: ureq::http::Response<ureq::Body>) -> Result<Value> {
    Ok(serde_json::from_str(&text_of(response)?)?)
}

fn text_of(mut response: ureq::http::Response<ureq::Body>) -> Result<String> {
    let status = response.status();
    let text = response.body_mut().with_config().limit(BODY_BYTES_MAX).read_to_string()?;
    if status.is_success() {
        return Ok(text);
    }
    let problem = serde_json::from_str(&text).unwrap_or_default();
    Err(Refused { status: status.as_u16(), problem, text }.into())
}

impl Refused {
    /// Whether it is for want of what the server stands on, and says that the same request may succeed later.
    pub(crate) fn says_to_try_again(&self) -> bool {
        [503, 507].contains(&self.status) && self.problem["retryable"] == true
    }

    /// What somebody can do about it.
    pub(crate) fn fixes(&self) -> Vec<&str> {
        let fixes = self.problem["fixes"].as_array().map(Vec::as_slice).unwrap_or_default();
        fixes.iter().filter_map(|fix| fix["action"].as_str()).collect()
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the API answered with {}: {}", self.status, self.text)
    }
}

impl std::error::Error for Refused {}
