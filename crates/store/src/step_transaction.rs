//! What a step of a visit reads and writes through, so that all of it is kept together.
//!
//! On SQLite a step is one transaction that holds the only write lock from its first moment. On PostgreSQL it begins without
//! any: it reads, remembers the company and the visit as it saw them, and most steps then write a single statement, which is a
//! transaction of its own and does nothing where either was changed meanwhile ([`Error::Overtaken`]). That spares the trips
//! that begin and end a transaction. A step that has to write more locks both first, if they are still as they were seen, and
//! goes on in a transaction.

use crate::database::{Database, LoneConnection, Row, Transaction, Value, values};
use crate::error::{Error, Result};
use crate::message_set::Unwritten;
use crate::statement::{Statement, statements};

macro_rules! save_visit {
    () => {
        "UPDATE visit SET session = $2, last_call_us = $3, message_set_count = $4, sent_count = $5,
             submitted_count = $6, attention_count = $7, closed_us = $8, outcome = $9, trouble = $10
         WHERE id = $1"
    };
}
pub(crate) use save_visit;

macro_rules! as_seen {
    ($lock:literal) => {
        concat!("SELECT v.id FROM visit AS v JOIN company AS c ON c.id = v.company_id WHERE v.id = $1", $lock)
    };
}

statements! {
    SAVE = ending_step("visit.save", ["$11", "$12", "$13", "$14"]);
    /// SQLite has no use for it: a step of its holds the write lock all along.
    LOCK_AS_SEEN = each("visit.lock_as_seen",
        as_seen!(" AND $2 = $3"),
        as_seen!(" AND CAST(c.xmin AS TEXT) = $2 AND CAST(v.xmin AS TEXT) = $3 FOR NO KEY UPDATE OF c, v"));
}

/// A write is put off until it can go together with the visit itself; whoever reads or writes before that has it written first.
pub(crate) struct StepTransaction {
    database: Database,
    hold: Hold,
    /// With the visit as it was when that was put off.
    unwritten: Option<(Unwritten, Vec<Value>)>,
}

enum Hold {
    /// Nobody else writes anything of the company until this ends.
    Locked(Transaction),
    /// PostgreSQL: nothing is written yet.
    Reading(LoneConnection, Option<Seen>),
    /// Between the two.
    None,
}

/// The company's and the visit's row as the step has read them: each change of a row gives it another `xmin`.
#[derive(Debug, Clone)]
struct Seen {
    company_id: String,
    visit_id: String,
    company: String,
    visit: String,
}

impl StepTransaction {
    /// Holds nothing on PostgreSQL.
    pub(crate) async fn begin(database: &Database) -> Result<Self> {
        let hold = match database.lone_connection().await? {
            Some(connection) => Hold::Reading(connection, None),
            None => Hold::Locked(database.begin().await?),
        };
        Ok(Self { database: database.clone(), hold, unwritten: None })
    }

    /// A transaction from the first moment; nobody else writes anything of the company once its row is locked.
    pub(crate) async fn begin_locked(database: &Database) -> Result<Self> {
        let hold = Hold::Locked(database.begin().await?);
        Ok(Self { database: database.clone(), hold, unwritten: None })
    }

    /// Remembers what the step rests on, as this row of its visit and company has it.
    pub(crate) fn rest_on(&mut self, row: &Row) -> Result<()> {
        if let Hold::Reading(_, seen) = &mut self.hold {
            *seen = Some(Seen {
                company_id: row.text("company_id")?,
                visit_id: row.text("id")?,
                company: row.text("seen_company")?,
                visit: row.text("seen_visit")?,
            });
        }
        Ok(())
    }

    /// Reads what nobody needs to be kept from changing: what a step writes of a record says which version it has read.
    pub(crate) async fn rows(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        if self.unwritten.is_some() {
            return self.locked().await?.rows(statement, values).await;
        }
        match &mut self.hold {
            Hold::Reading(connection, _) => connection.rows(statement, values).await,
            Hold::Locked(transaction) => transaction.rows(statement, values).await,
            Hold::None => Err(given_up(statement)),
        }
    }

    pub(crate) async fn row(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.rows(statement, values).await?.pop())
    }

    /// The transaction, with everything in it that was put off. Nobody else writes anything of the company from now on.
    pub(crate) async fn locked(&mut self) -> Result<&mut Transaction> {
        if let Hold::Reading(..) = self.hold {
            self.lock().await?;
        }
        let Hold::Locked(transaction) = &mut self.hold else { return Err(given_up(&LOCK_AS_SEEN)) };
        if let Some((unwritten, visit)) = self.unwritten.take() {
            write(transaction, unwritten, visit).await?;
        }
        Ok(transaction)
    }

    /// Writes at the next use of the transaction, or with the visit.
    pub(crate) async fn write_later(&mut self, unwritten: Unwritten, visit: Vec<Value>) -> Result<()> {
        if self.unwritten.is_some() {
            self.locked().await?;
        }
        self.unwritten = Some((unwritten, visit));
        Ok(())
    }

    /// Makes all of it last, with the visit as it is now, if that is not as stored.
    pub(crate) async fn commit(mut self, visit: Option<Vec<Value>>, operation: &'static str) -> Result<()> {
        let last = match (self.unwritten.take(), visit) {
            (Some((unwritten, _)), Some(visit)) | (Some((unwritten, visit)), None) => Some((unwritten, visit)),
            (None, Some(visit)) => Some((Unwritten { statement: &SAVE, rows: 1, values: Vec::new() }, visit)),
            (None, None) => None,
        };
        match (self.hold, last) {
            (Hold::Locked(mut transaction), last) => {
                if let Some((unwritten, visit)) = last {
                    write(&mut transaction, unwritten, visit).await?;
                }
                transaction.commit(operation).await
            }
            (Hold::Reading(connection, Some(seen)), Some((unwritten, visit))) => {
                // The company that is locked counts as one that is touched.
                let rows = i64::try_from(unwritten.rows + 1).unwrap_or(i64::MAX);
                let (statement, mut values) = (unwritten.statement, all_values(unwritten, visit));
                values.extend(values![seen.company_id, seen.company, seen.visit, rows]);
                connection.write_alone(statement, values, operation).await
            }
            (Hold::Reading(connection, _), None) => {
                connection.give_back();
                Ok(())
            }
            (Hold::Reading(_, None), Some(_)) | (Hold::None, _) => Err(given_up(&SAVE)),
        }
    }

    async fn lock(&mut self) -> Result<()> {
        let Hold::Reading(connection, Some(seen)) = std::mem::replace(&mut self.hold, Hold::None) else {
            return Err(given_up(&LOCK_AS_SEEN));
        };
        connection.give_back();
        let mut transaction = self.database.begin().await?;
        let values = values![seen.visit_id, seen.company, seen.visit];
        transaction.row(&LOCK_AS_SEEN, values).await?.ok_or_else(|| given_up(&LOCK_AS_SEEN))?;
        self.hold = Hold::Locked(transaction);
        Ok(())
    }
}

async fn write(transaction: &mut Transaction, unwritten: Unwritten, visit: Vec<Value>) -> Result<()> {
    let (statement, rows) = (unwritten.statement, unwritten.rows);
    transaction.execute_together(rows, statement, all_values(unwritten, visit)).await
}

fn all_values(unwritten: Unwritten, mut visit: Vec<Value>) -> Vec<Value> {
    visit.extend(unwritten.values);
    visit
}

const fn given_up(statement: &Statement) -> Error {
    Error::Overtaken { statement: statement.name, source: None }
}
