//! Which database a command works on.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use bookferry_store::{Store, StoreOptions};

/// The name of the SQLite database within the data directory.
const FILE_NAME: &str = "bookferry.db";

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub(crate) struct DatabaseArgs {
    /// Where the SQLite database is kept
    #[arg(long, env = "BOOKFERRY_DATA_DIR", value_name = "DIR", default_value = "bookferry-data")]
    pub(crate) data_dir: PathBuf,
    /// PostgreSQL instead of SQLite: postgres://user:password@host/database
    #[arg(long, env = "BOOKFERRY_DATABASE_URL", value_name = "URL", value_parser = postgres_url)]
    #[arg(hide_env_values = true, hide_default_value = true)]
    pub(crate) database_url: Option<String>,
}

impl DatabaseArgs {
    /// Opens the database and brings it to this version.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        let store = match &self.database_url {
            Some(url) => Store::open(&StoreOptions::postgres(url.as_str())).await?,
            None => {
                make_private(&self.data_dir)?;
                let path = self.data_dir.join(FILE_NAME);
                let opening = || format!("{} cannot be opened", path.display());
                Store::open(&StoreOptions::sqlite(&path)).await.with_context(opening)?
            }
        };
        store.migrate().await?;
        Ok(store)
    }
}

/// Makes the directory if it is missing, for this user alone: invoices are nobody else's business.
fn make_private(directory: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).with_context(|| format!("the data directory {} cannot be made", directory.display()))
}

fn postgres_url(url: &str) -> Result<String, String> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(url.to_owned())
    } else {
        Err("it must begin with postgres://; for SQLite name a --data-dir instead".to_owned())
    }
}
