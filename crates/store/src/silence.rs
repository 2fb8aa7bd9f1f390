//! Web Connectors that say nothing while records wait for them.

use bookferry_sync::id::CompanyId;
use bookferry_sync::notice::Notice;
use jiff::Timestamp;

use crate::database::{Row, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;

statements! {
    /// A company that has nothing to carry misses nothing. What was released a moment ago waits for nobody yet: a computer
    /// that was off over a weekend has its time to start.
    SILENT = both("company.silent",
        "SELECT c.id, c.last_heard_us FROM company AS c
         WHERE c.last_heard_us <= $1
             AND EXISTS (SELECT 1 FROM queue_count AS q
                 WHERE q.company_id = c.id AND q.status = 'ready_to_sync' AND q.record_count > 0)
             AND NOT EXISTS (SELECT 1 FROM notice AS n
                 WHERE n.company_id = c.id AND n.kind = 'connector_silent' AND n.closed_us IS NULL)
             AND EXISTS (SELECT 1 FROM record AS r
                 WHERE r.company_id = c.id AND r.status = 'ready_to_sync' AND r.blockers = 0 AND r.changed_us <= $1)
         ORDER BY c.id");
    HEARD_AGAIN = both("notice.heard_again",
        "UPDATE notice SET closed_us = $2, closed_by = 'web_connector'
         WHERE kind = 'connector_silent' AND closed_us IS NULL
             AND EXISTS (SELECT 1 FROM company AS c WHERE c.id = notice.company_id AND c.last_heard_us > $1)");
}

impl Store {
    /// Opens a notice for each company for which nothing was heard since `before` though records wait, and closes those of
    /// companies that were heard again. Answers how many were opened.
    pub async fn note_silence(&self, before: Timestamp, now: Timestamp) -> Result<usize> {
        self.database.execute(&HEARD_AGAIN, values![before, now]).await?;
        let silent = self.database.rows(&SILENT, values![before]).await?;
        let silent = silent.iter().map(read).collect::<Result<Vec<_>>>()?;
        for &(company, last_heard) in &silent {
            let mut transaction = self.database.begin().await?;
            transaction.open_notice(company, &Notice::ConnectorSilent { last_heard }, now).await?;
            transaction.commit("silence").await?;
        }
        Ok(silent.len())
    }
}

fn read(row: &Row) -> Result<(CompanyId, Timestamp)> {
    Ok((row.parse("id")?, row.instant("last_heard_us")?))
}
