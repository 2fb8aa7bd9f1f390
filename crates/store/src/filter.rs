//! Filters of the grid as SQL, put together from fixed parts; every value is bound.

use bookferry_qbxml::value::Amount;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::database::Value;
use crate::error::Result;
use crate::search::{self, Groups};
use crate::submission::RecordKey;

/// Which records are meant; a part that is empty admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordFilter {
    pub kinds: Vec<RecordKind>,
    pub statuses: Vec<Status>,
    /// Contained in the number, the customer or the external id, without regard to case; one or two characters where a
    /// word begins with them.
    pub text: Option<String>,
    /// The customer's exact name.
    pub customer: Option<String>,
    /// The record's own date, both ends included.
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub amount_min: Option<Amount>,
    pub amount_max: Option<Amount>,
    /// The cause under which a record waits in Needs Attention.
    pub cause_code: Option<String>,
}

/// The records that a person, or the application, wants moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    Ids(Vec<RecordId>),
    /// Single records as a page showed them: without what changed after that.
    Shown {
        ids: Vec<RecordId>,
        until: Timestamp,
    },
    /// What one move moved, as far as it is as that left it. Only records of the same move share its instant.
    MovedAt {
        status: Status,
        at: Timestamp,
    },
    /// "All that match": without the exceptions, and without what changed or came in after the person looked.
    Matching {
        filter: RecordFilter,
        except: Vec<RecordId>,
        seen_until: Option<Timestamp>,
    },
    /// As `Matching`, without those like which another stands in QuickBooks; see [`OlderTwin`](crate::OlderTwin).
    WithoutTwins {
        filter: RecordFilter,
        seen_until: Option<Timestamp>,
    },
}

/// A text that grows together with its values.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    text: String,
    pub(crate) values: Vec<Value>,
}

impl Sql {
    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
        self
    }

    /// A word of ours as a literal, so that the planner sees which partial index fits.
    pub(crate) fn word(&mut self, word: &'static str) -> &mut Self {
        self.text.push('\'');
        self.text.push_str(word);
        self.text.push('\'');
        self
    }

    pub(crate) fn finish(self) -> (sqlx::AssertSqlSafe<String>, Vec<Value>) {
        (sqlx::AssertSqlSafe(self.text), self.values)
    }

    /// The condition for `record AS r`, from `r.company_id` on.
    pub(crate) fn selection(&mut self, company: CompanyId, selection: &Selection) -> Result<()> {
        match selection {
            Selection::Ids(ids) => {
                self.push("r.company_id = ").bind(company);
                self.is_one_of(ids, " AND r.id IN ")
            }
            Selection::Shown { ids, until } => {
                self.push("r.company_id = ").bind(company).push(" AND r.changed_us <= ").bind(*until);
                self.is_one_of(ids, " AND r.id IN ")
            }
            Selection::MovedAt { status, at } => {
                self.moved_at(company, *status, *at);
                Ok(())
            }
            Selection::Matching { filter, except, seen_until } => {
                self.admitted(company, filter);
                if let Some(seen_until) = seen_until {
                    self.push(" AND r.changed_us <= ").bind(*seen_until);
                }
                if except.is_empty() { Ok(()) } else { self.is_one_of(except, " AND r.id NOT IN ") }
            }
            Selection::WithoutTwins { filter, seen_until } => {
                self.admitted(company, filter);
                if let Some(seen_until) = seen_until {
                    self.push(" AND r.changed_us <= ").bind(*seen_until);
                }
                self.without_twins();
                Ok(())
            }
        }
    }

    /// The condition for what one move left in this status.
    pub(crate) fn moved_at(&mut self, company: CompanyId, status: Status, at: Timestamp) {
        self.push("r.company_id = ").bind(company);
        // Naming the kinds lets the index of the instant serve.
        self.words(" AND r.kind", &RecordKind::ALL, RecordKind::as_str);
        self.push(" AND r.changed_us = ").bind(at).push(" AND r.status = ").word(status.as_str());
    }

    /// The condition that a record is the company's and that the filter admits it.
    pub(crate) fn admitted(&mut self, company: CompanyId, filter: &RecordFilter) {
        self.push("r.company_id = ").bind(company);
        // Naming the kinds lets the indexes serve that have a kind before what is sought.
        let kinds = if filter.kinds.is_empty() { &RecordKind::ALL[..] } else { &filter.kinds };
        self.words(" AND r.kind", kinds, RecordKind::as_str);
        self.words(" AND r.status", &filter.statuses, Status::as_str);
        self.conditions(filter);
    }

    /// The condition for `record AS r` that it has these groups. The sign keeps SQLite in the order that it walks.
    pub(crate) fn among(&mut self, groups: Option<&Groups>) {
        if let Some(groups) = groups {
            self.push(" AND +r.seq IN (SELECT s.rowid FROM record_search AS s WHERE s.record_search MATCH ");
            self.bind(&groups.0).push(")");
        }
    }

    /// All of the filter but kinds and statuses, each part beginning with AND.
    pub(crate) fn conditions(&mut self, filter: &RecordFilter) {
        if let Some(text) = &filter.text {
            self.push(" AND r.search LIKE ").bind(search::like(text)).push(" ESCAPE '!'");
        }
        if let Some(customer) = &filter.customer {
            self.push(" AND r.customer = ").bind(search::storable(customer));
        }
        if let Some(from) = filter.from {
            self.push(" AND r.date >= ").bind(from.to_string());
        }
        if let Some(to) = filter.to {
            self.push(" AND r.date <= ").bind(to.to_string());
        }
        if let Some(amount) = filter.amount_min {
            self.push(" AND r.amount_e5 >= ").bind(amount.e5());
        }
        if let Some(amount) = filter.amount_max {
            self.push(" AND r.amount_e5 <= ").bind(amount.e5());
        }
        if let Some(cause_code) = &filter.cause_code {
            self.push(" AND r.cause_code = ").bind(search::storable(cause_code));
        }
    }

    /// That the column is one of the words; without any, that it is whatever it is. To SQLite, a list of one is no equation, by
    /// which alone it sees that a partial index serves.
    fn words<T: Copy>(&mut self, and_column: &'static str, words: &[T], as_str: impl Fn(T) -> &'static str) {
        if let [word] = words {
            self.push(and_column).push(" = ").word(as_str(*word));
            return;
        }
        for (index, &word) in words.iter().enumerate() {
            self.push(if index == 0 { and_column } else { ", " });
            self.push(if index == 0 { " IN (" } else { "" }).word(as_str(word));
        }
        if !words.is_empty() {
            self.push(")");
        }
    }

    fn is_one_of(&mut self, ids: &[RecordId], start: &'static str) -> Result<()> {
        self.push(start);
        self.ids(ids)
    }

    /// The ids as what a column is compared with by IN.
    pub(crate) fn ids(&mut self, ids: &[RecordId]) -> Result<()> {
        let keys: Vec<RecordKey> = ids.iter().map(|&id| RecordKey { id }).collect();
        self.push("(SELECT given.value->>'id' FROM jsonb_each(");
        self.bind(serde_json::to_string(&keys)?).push(") AS given)");
        Ok(())
    }
}

impl RecordFilter {
    /// Whether counts kept by kind and status answer for it.
    pub(crate) const fn is_by_status_only(&self) -> bool {
        self.text.is_none()
            && self.customer.is_none()
            && self.from.is_none()
            && self.to.is_none()
            && self.amount_min.is_none()
            && self.amount_max.is_none()
            && self.cause_code.is_none()
    }

    pub(crate) fn admits_kind(&self, kind: RecordKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    pub(crate) fn admits(&self, kind: RecordKind, status: Status) -> bool {
        self.admits_kind(kind) && (self.statuses.is_empty() || self.statuses.contains(&status))
    }
}
