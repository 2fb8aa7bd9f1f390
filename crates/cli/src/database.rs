//! Which database a command works on.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
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
        let store = self.connect(&self.options()?).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Opens the database if there is one, and changes nothing.
    pub(crate) async fn open_as_it_is(&self) -> anyhow::Result<Store> {
        if let Some(path) = self.sqlite_path() {
            ensure!(path.exists(), "there is no database at {}", path.display());
        }
        self.connect(&self.location()).await
    }

    /// Where the database is, or will be; the data directory is made.
    pub(crate) fn options(&self) -> anyhow::Result<StoreOptions> {
        if self.database_url.is_none() {
            make_private(&self.data_dir)?;
        }
        Ok(self.location())
    }

    /// `None` where it is PostgreSQL.
    pub(crate) fn sqlite_path(&self) -> Option<PathBuf> {
        self.database_url.is_none().then(|| self.data_dir.join(FILE_NAME))
    }

    fn location(&self) -> StoreOptions {
        match &self.database_url {
            Some(url) => StoreOptions::postgres(url.as_str()),
            None => StoreOptions::sqlite(self.data_dir.join(FILE_NAME)),
        }
    }

    async fn connect(&self, options: &StoreOptions) -> anyhow::Result<Store> {
        let opening = || match self.sqlite_path() {
            Some(path) => format!("{} cannot be opened", path.display()),
            None => "the database cannot be opened".to_owned(),
        };
        Store::open(options).await.with_context(opening)
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
