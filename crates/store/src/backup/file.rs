//! The file of a backup: written under another name, signed, checked, and then put in its place.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::{BackupError, BackupSummary, beside};
use crate::error::Error;
use crate::statement::statements;

/// Of the file, not of the tables in it, whose version the migrations know.
const FORMAT: i64 = 1;

statements! {
    COUNT_COMPANIES = both("company.count", "SELECT COUNT(*) AS companies FROM company");
    COUNT_RECORDS = both("record.count_by_status",
        "SELECT status, COUNT(*) AS records FROM record GROUP BY status ORDER BY status");
}

/// A file that is not yet what it will be; without [`put`](Self::put) it goes away again.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
}

impl NewFile {
    /// An empty file that only this user can read, beside `path`.
    pub(crate) fn beside(path: &Path, word: &str) -> Result<Self, BackupError> {
        let new = Self { path: beside(path, word) };
        let failed = |source| BackupError::Write { path: new.path.clone(), source };
        new.remove();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&new.path).map_err(failed)?;
        Ok(new)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the file last, and gives it its name in one step.
    pub(crate) fn put(self, path: &Path) -> Result<(), BackupError> {
        let failed = |source| BackupError::Write { path: path.to_owned(), source };
        if beside_of_sqlite(&self.path).iter().any(|path| path.exists()) {
            let finding = "SQLite has not finished with it".to_owned();
            return Err(BackupError::Damaged { path: self.path.clone(), finding });
        }
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(&self.path, path).map_err(failed)?;
        sync_folder(path).map_err(failed)
    }

    fn remove(&self) {
        for path in beside_of_sqlite(&self.path).iter().chain([&self.path]) {
            // Usually it is not there; where it cannot be removed, making it anew fails and says so.
            let _ = fs::remove_file(path);
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        self.remove();
    }
}

fn beside_of_sqlite(path: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

/// Fills a new file with what stands in another; its permissions stay its own.
pub(crate) fn fill(new: &NewFile, from: &Path) -> Result<(), BackupError> {
    let mut source = File::open(from).map_err(|source| BackupError::Read { path: from.to_owned(), source })?;
    let copied = OpenOptions::new().write(true).open(&new.path).and_then(|mut to| std::io::copy(&mut source, &mut to));
    copied.map(drop).map_err(|source| BackupError::Write { path: new.path.clone(), source })
}

/// A name only lasts once its folder does.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Writes the line about the backup into it.
pub(crate) async fn sign(path: &Path, now: Timestamp) -> Result<(), BackupError> {
    let failed = |error| Error::of("backup.sign", error);
    let mut connection = open(path, false).await.map_err(failed)?;
    let create = "CREATE TABLE backup (format BIGINT NOT NULL, made_us BIGINT NOT NULL, made_by TEXT NOT NULL)";
    sqlx::query(create).execute(&mut connection).await.map_err(failed)?;
    sqlx::query("INSERT INTO backup (format, made_us, made_by) VALUES ($1, $2, $3)")
        .bind(FORMAT)
        .bind(now.as_microsecond())
        .bind(env!("CARGO_PKG_VERSION"))
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(())
}

/// Reads the whole file: whether it is a backup, whole, and what it holds.
pub(crate) async fn check(path: &Path) -> Result<BackupSummary, BackupError> {
    let bytes = fs::metadata(path).map_err(|source| BackupError::Read { path: path.to_owned(), source })?.len();
    let not_a_backup = |error: sqlx::Error| match corruption(&error) {
        Some(finding) => BackupError::Damaged { path: path.to_owned(), finding },
        None => BackupError::NotABackup { path: path.to_owned() },
    };
    let mut connection = open(path, true).await.map_err(not_a_backup)?;
    let line = sqlx::query("SELECT format, made_us, made_by FROM backup");
    let line = line.fetch_one(&mut connection).await.map_err(not_a_backup)?;
    let made_by: String = line.try_get("made_by").map_err(not_a_backup)?;
    if line.try_get::<i64, _>("format").map_err(not_a_backup)? > FORMAT {
        return Err(BackupError::Newer { path: path.to_owned(), made_by });
    }
    let made_us = line.try_get("made_us").map_err(not_a_backup)?;
    let made_at =
        Timestamp::from_microsecond(made_us).map_err(|_| BackupError::NotABackup { path: path.to_owned() })?;
    let damage = match damage(&mut connection, bytes).await {
        // A file that was cut off ends the examination itself.
        Err(sqlx::Error::Database(error)) => Some(error.message().to_owned()),
        damage => damage.map_err(|error| Error::of("backup.check", error))?,
    };
    if let Some(finding) = damage {
        return Err(BackupError::Damaged { path: path.to_owned(), finding });
    }
    let mut summary = BackupSummary { made_at, made_by, companies: 0, records: Default::default(), bytes };
    count(&mut connection, &mut summary).await.map_err(not_a_backup)?;
    connection.close().await.map_err(|error| Error::of("backup.check", error))?;
    Ok(summary)
}

/// What SQLite says of a database that is broken where it is read first.
fn corruption(error: &sqlx::Error) -> Option<String> {
    const SQLITE_CORRUPT: i64 = 11;
    let error = error.as_database_error()?;
    let code: i64 = error.code()?.parse().ok()?;
    (code & 0xff == SQLITE_CORRUPT).then(|| error.message().to_owned())
}

async fn damage(connection: &mut SqliteConnection, bytes: u64) -> Result<Option<String>, sqlx::Error> {
    // SQLite itself takes no offence at a last page that is cut short.
    let whole = "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()";
    let whole: i64 = sqlx::query(whole).fetch_one(&mut *connection).await?.try_get("bytes")?;
    if u64::try_from(whole) != Ok(bytes) {
        return Ok(Some(format!("it should have {whole} bytes and has {bytes}")));
    }
    let findings = sqlx::query("PRAGMA integrity_check(1)").fetch_all(&mut *connection).await?;
    for finding in &findings {
        let finding: String = finding.try_get(0)?;
        if finding != "ok" {
            return Ok(Some(finding));
        }
    }
    let lonely = sqlx::query("PRAGMA foreign_key_check").fetch_optional(connection).await?;
    lonely.map(|row| Ok(format!("a line of {} refers to nothing", row.try_get::<String, _>(0)?))).transpose()
}

async fn count(connection: &mut SqliteConnection, summary: &mut BackupSummary) -> Result<(), sqlx::Error> {
    let companies: i64 = sqlx::query(COUNT_COMPANIES.sqlite).fetch_one(&mut *connection).await?.try_get("companies")?;
    summary.companies = u64::try_from(companies).unwrap_or(0);
    for row in sqlx::query(COUNT_RECORDS.sqlite).fetch_all(connection).await? {
        let records: i64 = row.try_get("records")?;
        summary.records.insert(row.try_get("status")?, u64::try_from(records).unwrap_or(0));
    }
    Ok(())
}

async fn open(path: &Path, is_read_only: bool) -> Result<SqliteConnection, sqlx::Error> {
    let mut options = SqliteConnectOptions::new().filename(path).create_if_missing(false).read_only(is_read_only);
    if !is_read_only {
        // A backup is one file, with nothing beside it.
        options = options.journal_mode(SqliteJournalMode::Delete).synchronous(SqliteSynchronous::Full);
    }
    options.connect().await
}
