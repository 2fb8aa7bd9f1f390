use std::path::PathBuf;

/// Why a backup was not made or not put back; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    #[error("a database in memory is gone with this program, so nothing can be restored into it")]
    InMemory,
    #[error("{} is there already", path.display())]
    Exists { path: PathBuf },
    #[error("SQLite cannot write to {}, whose name is not UTF-8", path.display())]
    Name { path: PathBuf },
    #[error("{} cannot be written", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} cannot be read", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} is no backup of Bookferry", path.display())]
    NotABackup { path: PathBuf },
    #[error("{} was made by Bookferry {made_by}, whose tables are newer than this program's", path.display())]
    Newer { path: PathBuf, made_by: String },
    #[error("{} is damaged: {finding}", path.display())]
    Damaged { path: PathBuf, finding: String },
    /// The database is in use already for other data.
    #[error("the database holds {companies} companies and {records} records")]
    NotEmpty { companies: u64, records: u64 },
    #[error("{} is in use by another program", path.display())]
    InUse { path: PathBuf },
    #[error("the database failed")]
    Store(#[from] crate::Error),
}
