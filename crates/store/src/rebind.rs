//! Binding a company to other books, which only an administrator does.

use bookferry_sync::cause::Cause;
use bookferry_sync::company::{Books, BooksIdentity, Company};
use bookferry_sync::id::CompanyId;
use bookferry_sync::notice::Notice;
use bookferry_sync::recovery;
use bookferry_sync::submission::Event;
use jiff::Timestamp;

use crate::database::{Transaction, values};
use crate::error::{Error, Result};
use crate::message_set::MessageSet;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{Actor, Submission};

/// What became of the company's records when its books changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebound {
    /// Released for the old books, and held for review.
    pub held: u64,
    /// On their way to the old books; a person has to say whether they arrived.
    pub unconfirmed: u64,
}

/// Message sets without an answer that are read at a time.
const SETS_AT_A_TIME: u32 = 20;

statements! {
    SET_FILE_ID = both("company.set_file_id", "UPDATE company SET file_id = $2 WHERE id = $1");
    BEGIN_BOOKS = both("company.begin_books",
        "UPDATE company SET books_since_us = $2, reconcile_due_us = NULL WHERE id = $1");
    FORGET_LISTS = both("list_entry.forget_all", "DELETE FROM list_entry WHERE company_id = $1");
    FORGET_GONE = both("gone_entry.forget_all", "DELETE FROM gone_entry WHERE company_id = $1");
    FORGET_READINGS = both("list_reading.forget_all", "DELETE FROM list_reading WHERE company_id = $1");
    FORGET_STANDING = both("standing.forget_all", "DELETE FROM standing WHERE company_id = $1");
    GIVE_UP = both("message_set.give_up",
        "UPDATE message_set SET state = 'settled' WHERE id = $1 AND state = 'unsettled'");
    GIVE_UP_ATTEMPTS = both("attempt.give_up",
        "UPDATE attempt SET settled_us = $2, outcome = 'undecidable' WHERE message_set_key = $1 AND settled_us IS NULL");
    FIND_OTHER = both("company.find_other_books",
        "SELECT detail FROM notice WHERE company_id = $1 AND kind = $2 AND closed_us IS NULL");
}

impl Store {
    /// Binds the company to the books that came and were refused, if they are still the ones that `expected` names;
    /// [`Error::Stale`] if others came since, or the right ones.
    ///
    /// What was submitted stays submitted, to the old books. What was on its way there is a person's to say. The lists are
    /// read anew, and what is added from now on is looked for first, since the new books may be a copy of the old.
    pub async fn rebind(
        &self,
        company: CompanyId,
        expected: &BooksIdentity,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Rebound> {
        let mut transaction = self.database.begin().await?;
        let company = transaction.lock_company(company).await?;
        if transaction.other_books(company.id).await?.as_ref() != Some(expected) {
            return Err(Error::Stale { record: company.id.to_string() });
        }
        let from = company.books.as_ref().map(Books::identity).unwrap_or_default();
        transaction.end_visit(company.id, "the company was bound to other books", actor, now).await?;
        let unconfirmed = transaction.leave_to_a_person(&company, &from, actor, now).await?;
        let reason = format!("The company was bound to other books: {}", expected.company_name);
        let (held, _) = transaction.hold_released(&company, &reason, actor, now).await?;
        transaction.execute_exactly(1, &BEGIN_BOOKS, values![company.id, now]).await?;
        transaction.execute(&FORGET_LISTS, values![company.id]).await?;
        // Once they are: what these lists had is no name that the new books lost.
        transaction.execute(&FORGET_GONE, values![company.id]).await?;
        transaction.forget_marks(company.id).await?;
        transaction.execute(&FORGET_READINGS, values![company.id]).await?;
        transaction.execute(&FORGET_STANDING, values![company.id]).await?;
        transaction.forget_counterparts(company.id).await?;
        transaction.forget_older_answers(company.id).await?;
        transaction.untie_mappings(company.id).await?;
        transaction.forget_taught(company.id).await?;
        transaction.set_books(company.id, &Books::of(expected)).await?;
        if let Some(file_id) = &expected.file_id {
            transaction.execute_exactly(1, &SET_FILE_ID, values![company.id, file_id]).await?;
        }
        transaction.begin_epoch(company.id, now).await?;
        transaction.close_notices(company.id, Notice::OTHER_BOOKS, actor, now).await?;
        let notice = Notice::Rebound { from, to: expected.clone(), held, unconfirmed };
        transaction.open_notice(company.id, &notice, now).await?;
        transaction.commit("rebind").await?;
        Ok(Rebound { held, unconfirmed })
    }
}

impl Transaction {
    async fn other_books(&mut self, company: CompanyId) -> Result<Option<BooksIdentity>> {
        let Some(row) = self.row(&FIND_OTHER, values![company, Notice::OTHER_BOOKS]).await? else { return Ok(None) };
        let notice: Notice =
            serde_json::from_str(&row.text("detail")?).map_err(|error| row.inconsistent("detail", error))?;
        Ok(notice.other_books().cloned())
    }

    /// The new books cannot tell what became of what was on its way to the old ones.
    async fn leave_to_a_person(
        &mut self,
        company: &Company,
        old: &BooksIdentity,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let mut left = 0;
        loop {
            let sets = self.unsettled_message_sets(company.id, SETS_AT_A_TIME).await?;
            if sets.is_empty() {
                return Ok(left);
            }
            for set in sets {
                left += self.give_up(company.id, &set, &recovery::books_changed(&old.company_name), actor, now).await?;
            }
        }
    }

    async fn give_up(
        &mut self,
        company: CompanyId,
        set: &MessageSet,
        cause: &Cause,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let open = self.open_submissions(set.key).await?;
        let undecided = |submission: Submission| submission.apply(Event::Undecidable(cause.clone()));
        let moves = open.into_iter().map(undecided).collect::<Result<Vec<_>>>()?;
        self.execute_exactly(moves.len(), &GIVE_UP_ATTEMPTS, values![set.key, now]).await?;
        self.execute_exactly(1, &GIVE_UP, values![set.key]).await?;
        self.save_moves(company, &moves, actor, now).await?;
        Ok(u64::try_from(moves.len()).unwrap_or(u64::MAX))
    }
}
