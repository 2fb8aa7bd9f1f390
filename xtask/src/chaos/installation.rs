use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

/// A database of its own, and the binary that works on it.
pub(crate) struct Installation {
    binary: PathBuf,
    database: [String; 2],
    port: u16,
    log: PathBuf,
    /// What is set for every command besides.
    environment: Vec<(String, String)>,
    folder: TempDir,
}

/// What `company add` printed.
pub(crate) struct Company {
    pub(crate) id: String,
    pub(crate) api_key: String,
    pub(crate) user_name: String,
    pub(crate) password: String,
}

/// Arms the binary that has crash points, which prints the words when it dies of one.
pub(crate) const CRASH_POINT: &str = "BOOKFERRY_CRASH_POINT";
pub(crate) const CRASH_POINT_REACHED: &str = "The crash point is reached.";
pub(crate) const SIGABRT: i32 = 6;

/// The data directory, and its copy.
const DATA: &str = "data";
const DATA_KEPT: &str = "data-kept";
const LOG_LINES_SHOWN: usize = 20;

impl Installation {
    /// What its servers log is appended to `log`.
    pub(crate) fn new(binary: PathBuf, database_url: Option<&str>, log: PathBuf) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bookferry-chaos-").tempdir()?;
        let database = match database_url {
            Some(url) => ["--database-url".to_owned(), url.to_owned()],
            None => ["--data-dir".to_owned(), folder.path().join(DATA).display().to_string()],
        };
        Self::on(binary, database, folder, log)
    }

    /// With SQLite in that data directory.
    pub(crate) fn in_folder(binary: PathBuf, data: &Path, log: PathBuf) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bookferry-chaos-").tempdir()?;
        Self::on(binary, ["--data-dir".to_owned(), data.display().to_string()], folder, log)
    }

    /// Sets this in the environment of everything that is started from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    fn on(binary: PathBuf, database: [String; 2], folder: TempDir, log: PathBuf) -> Result<Self> {
        File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self { binary, database, port, log, environment: Vec::new(), folder })
    }

    pub(crate) const ADD_COMPANY: &[&str] =
        &["company", "add", "Chaos Glass", "--organization", "new", "--enable", "--json"];

    pub(crate) fn add_company(&self) -> Result<Company> {
        self.add_company_that(&[])
    }

    /// With these options of `company add` besides.
    pub(crate) fn add_company_that(&self, options: &[&str]) -> Result<Company> {
        let added = self.run(&[Self::ADD_COMPANY, options].concat())?;
        let text = |pointer: &str| {
            let value = added.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            value.with_context(|| format!("company add prints no {pointer}"))
        };
        Ok(Company {
            id: text("/company/id")?,
            api_key: text("/api_key")?,
            user_name: text("/web_connector/user_name")?,
            password: text("/web_connector/password")?,
        })
    }

    pub(crate) fn import(&self, company: &Company, ndjson: &str) -> Result<()> {
        self.run(&["import", &self.ndjson_file(ndjson)?, "--company", &company.id, "--json"])?;
        Ok(())
    }

    /// Imports a CSV file, with a payment for each invoice, and tells the counts and sums.
    pub(crate) fn import_csv(&self, company: &Company, csv: &Path, mapping: &Path) -> Result<Value> {
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path that is not UTF-8");
        let refused = text(&self.folder.path().join("refused.csv"))?;
        let (csv, mapping) = (text(csv)?, text(mapping)?);
        let options = ["--derive-payments", "--refused", &refused, "--company", &company.id, "--json"];
        self.run(&[&["import", &csv, "--mapping", &mapping], options.as_slice()].concat())
    }

    /// Has the next visits compare everything that was submitted.
    pub(crate) fn reconcile(&self, company_id: &str) -> Result<()> {
        self.run(&["reconcile", "--company", company_id, "--json"]).map(drop)
    }

    /// A file of the run's own.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file to import and tells its path.
    pub(crate) fn ndjson_file(&self, ndjson: &str) -> Result<String> {
        let path = self.folder.path().join("records.ndjson");
        fs::write(&path, ndjson)?;
        Ok(path.to_str().context("the temporary folder has no name in UTF-8")?.to_owned())
    }

    /// Backs the database up and tells the backup's path.
    pub(crate) fn back_up(&self) -> Result<String> {
        let path = self.folder.path().join("bookferry.backup");
        let path = path.to_str().context("the temporary folder has no name in UTF-8")?.to_owned();
        self.run(&["backup", &path, "--force", "--json"])?;
        Ok(path)
    }

    /// Puts a backup back; no server may be at work on the database.
    pub(crate) fn restore(&self, backup: &str) -> Result<()> {
        self.run(&["restore", backup, "--replace", "--json"]).map(drop)
    }

    /// Runs a command that must die at a crash point.
    pub(crate) fn die_at(&self, point: &str, arguments: &[&str]) -> Result<()> {
        let output = self.command(arguments).env(CRASH_POINT, point).output().context("the binary did not start")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        let is_there = output.status.signal() == Some(SIGABRT) && errors.contains(CRASH_POINT_REACHED);
        ensure!(is_there, "bookferry {} ended with {}: {errors}", arguments.join(" "), output.status);
        Ok(())
    }

    /// A server that takes dead visits over at once: whoever is silent here has been killed.
    pub(crate) fn serve(&self) -> Result<Command> {
        let mut command = self.command(&["serve", "--listen", &format!("127.0.0.1:{}", self.port)]);
        command.args(["--visit-lease-seconds", "0", "--visit-lease-seconds-per-record", "0"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        Ok(command)
    }

    /// Copies the SQLite database, on which no server may be at work.
    pub(crate) fn keep_database(&self) -> Result<()> {
        copy_files(&self.folder.path().join(DATA), &self.folder.path().join(DATA_KEPT))
    }

    /// Puts the copy back, as if nothing had been committed since.
    pub(crate) fn put_database_back(&self) -> Result<()> {
        copy_files(&self.folder.path().join(DATA_KEPT), &self.folder.path().join(DATA))
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// For one more server's log.
    pub(crate) fn log(&self) -> Result<File> {
        Ok(File::options().append(true).open(&self.log)?)
    }

    /// What the servers have logged.
    pub(crate) fn logged(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }

    /// The end of the servers' log, to be shown with an error.
    pub(crate) fn log_end(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        let end = lines.get(lines.len().saturating_sub(LOG_LINES_SHOWN)..).unwrap_or_default();
        format!("The end of {}:\n{}", self.log.display(), end.join("\n"))
    }

    fn run(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.command(arguments).output().context("the binary did not start")?;
        let what = arguments.first().copied().unwrap_or_default();
        ensure!(output.status.success(), "bookferry {what} failed: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).with_context(|| format!("bookferry {what} did not print JSON"))
    }

    /// Nothing of the caller's environment reaches it, so that no option of theirs does.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).args(&self.database).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Makes the folder hold the same files as another; neither has folders in it.
fn copy_files(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
