//! A visit's transaction, which puts its last write off until it can go together with the visit itself.

use crate::database::{Transaction, Value};
use crate::error::Result;
use crate::message_set::Unwritten;
use crate::statement::statements;

macro_rules! save_visit {
    () => {
        "UPDATE visit SET session = $2, last_call_us = $3, message_set_count = $4, sent_count = $5,
             submitted_count = $6, attention_count = $7, closed_us = $8, outcome = $9, trouble = $10
         WHERE id = $1"
    };
}
pub(crate) use save_visit;

statements! {
    SAVE = both("visit.save", save_visit!());
}

/// Whoever reads or writes gets the transaction only once it holds everything that was put off.
pub(crate) struct StepTransaction {
    transaction: Transaction,
    /// With the visit as it was when that was put off.
    unwritten: Option<(Unwritten, Vec<Value>)>,
}

impl StepTransaction {
    pub(crate) const fn new(transaction: Transaction) -> Self {
        Self { transaction, unwritten: None }
    }

    pub(crate) async fn current(&mut self) -> Result<&mut Transaction> {
        if let Some((unwritten, visit)) = self.unwritten.take() {
            self.transaction.write(unwritten, visit).await?;
        }
        Ok(&mut self.transaction)
    }

    /// Writes at the next use of the transaction, or with the visit.
    pub(crate) async fn write_later(&mut self, unwritten: Unwritten, visit: Vec<Value>) -> Result<()> {
        self.current().await?;
        self.unwritten = Some((unwritten, visit));
        Ok(())
    }

    pub(crate) async fn save(&mut self, visit: Vec<Value>) -> Result<()> {
        match self.unwritten.take() {
            Some((unwritten, _)) => self.transaction.write(unwritten, visit).await,
            None => self.transaction.execute_exactly(1, &SAVE, visit).await,
        }
    }

    pub(crate) async fn commit(mut self, operation: &'static str) -> Result<()> {
        self.current().await?;
        self.transaction.commit_and_chain(operation).await
    }
}
