//! A PostgreSQL of its own for one test run: fresh, on a free loopback port, gone afterwards.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::child::signal;
use crate::machine;

/// Tests run in parallel, each with a pool of its own.
const CONNECTIONS_MAX: u32 = 300;
const START_PATIENCE: Duration = Duration::from_secs(60);
const READY: &str = "database system is ready to accept connections";

/// A running server; dropping it stops it and deletes its data.
pub(crate) struct Postgres {
    server: Child,
    cluster: Cluster,
    url: String,
    // Deleted after the server has stopped: fields are dropped after `drop` has run.
    _folder: Option<TempDir>,
}

/// What a server is started on.
struct Cluster {
    folder: PathBuf,
    account: Option<Account>,
    port: u16,
    log: PathBuf,
}

impl Postgres {
    /// Creates a cluster in a temporary folder and starts a server on it, as user `postgres` (or `nobody`) when we are root,
    /// since PostgreSQL refuses to run as root. What the server logs goes to `log`.
    pub(crate) fn start(log: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bookferry-postgres-").tempdir()?;
        let mut postgres = Self::start_in(folder.path(), log)?;
        postgres._folder = Some(folder);
        Ok(postgres)
    }

    /// The same in a folder of the caller's.
    pub(crate) fn start_in(folder: &Path, log: &Path) -> Result<Self> {
        let data = folder.join("data");
        let password_file = folder.join("password");
        let password = random_password()?;
        fs::write(&password_file, &password)?;
        let account = machine::is_root().then(Account::unprivileged).transpose()?;
        if let Some(account) = &account {
            account.own(folder)?;
        }
        let created = as_account(account.as_ref(), &programs()?.join("initdb"))
            .args(["--username=bookferry", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg(format!("--pwfile={}", password_file.display()))
            .arg(data.as_os_str())
            .current_dir(folder)
            .output()
            .context("initdb did not start")?;
        ensure!(created.status.success(), "initdb failed: {}", String::from_utf8_lossy(&created.stderr));
        let port = free_port()?;
        let cluster = Cluster { folder: folder.to_owned(), account, port, log: log.to_owned() };
        File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
        let url = format!("postgres://bookferry:{password}@127.0.0.1:{port}/postgres");
        let mut server = cluster.spawn()?;
        let output = server.stderr.take();
        // From here on, returning early stops the server.
        let postgres = Self { server, cluster, url, _folder: None };
        wait_until_ready(output.context("no log of PostgreSQL")?, &postgres.cluster.log)?;
        Ok(postgres)
    }

    /// Ends every connection, whatever it is doing.
    pub(crate) fn terminate_clients(&self) -> Result<()> {
        const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                                 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let output = Command::new(programs()?.join("psql"))
            .args(["--no-psqlrc", "--quiet", "--output", "/dev/null", "--command", TERMINATE, &self.url])
            .output()
            .context("psql did not start")?;
        ensure!(output.status.success(), "psql failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Ends it as a crash would, without a checkpoint: SIGQUIT is PostgreSQL's immediate shutdown.
    pub(crate) fn stop_at_once(&mut self) -> Result<()> {
        signal(self.server.id(), "QUIT")?;
        self.server.wait()?;
        Ok(())
    }

    /// Starts it again on what the last one left, which is recovered first.
    pub(crate) fn start_again(&mut self) -> Result<()> {
        // A lock file that survived a power cut may name a process that lives and is another.
        fs::remove_file(self.cluster.folder.join("data/postmaster.pid")).ok();
        self.server = self.cluster.spawn()?;
        wait_until_ready(self.server.stderr.take().context("no log of PostgreSQL")?, &self.cluster.log)
    }

    /// Where a superuser can connect and create databases.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Cluster {
    fn spawn(&self) -> Result<Child> {
        as_account(self.account.as_ref(), &programs()?.join("postgres"))
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on"])
            .args(["-c", &format!("max_connections={CONNECTIONS_MAX}")])
            .args(["-c", &format!("unix_socket_directories={}", self.folder.display())])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("postgres did not start")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: clients are cut off, the data is left clean.
        if signal(self.server.id(), "INT").is_err() || self.server.wait().is_err() {
            eprintln!("PostgreSQL (process {}) could not be stopped.", self.server.id());
        }
    }
}

/// Whom the server runs as when we are root.
struct Account {
    uid: String,
    gid: String,
}

impl Account {
    fn unprivileged() -> Result<Self> {
        for name in ["postgres", "nobody"] {
            if let (Some(uid), Some(gid)) = (id("-u", name)?, id("-g", name)?) {
                return Ok(Self { uid, gid });
            }
        }
        bail!("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody")
    }

    fn own(&self, folder: &Path) -> Result<()> {
        let owner = format!("{}:{}", self.uid, self.gid);
        let status = Command::new("chown").arg("-R").arg(owner).arg(folder).status().context("chown did not start")?;
        ensure!(status.success(), "{} cannot be handed to PostgreSQL's user", folder.display());
        Ok(())
    }
}

/// A program run as that account, which ends with us however we end, `kill -9` included.
fn as_account(account: Option<&Account>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(Account { uid, gid }) = account {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    }
    command.args(["--pdeathsig", "INT"]).arg(program);
    command
}

fn programs() -> Result<PathBuf> {
    machine::postgres_programs().context("no PostgreSQL server on this machine")
}

fn id(kind: &str, name: &str) -> Result<Option<String>> {
    let output = Command::new("id").args([kind, name]).output().context("id did not start")?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned()))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn random_password() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn wait_until_ready(output: ChildStderr, log: &Path) -> Result<()> {
    let file = File::options().append(true).open(log)?;
    let (ready, readiness) = mpsc::channel();
    thread::spawn(move || copy_log(output, file, &ready));
    match readiness.recv_timeout(START_PATIENCE) {
        Ok(()) => Ok(()),
        Err(RecvTimeoutError::Timeout) => bail!("PostgreSQL was not ready in time; its log is {}", log.display()),
        Err(RecvTimeoutError::Disconnected) => {
            bail!("PostgreSQL ended at once: {}", fs::read_to_string(log).unwrap_or_default())
        }
    }
}

/// Keeps reading to the server's end, since a full pipe would stop it.
fn copy_log(output: ChildStderr, mut file: File, ready: &Sender<()>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        writeln!(file, "{line}").ok();
        if line.contains(READY) {
            // Nobody waits any longer once the first such line was seen.
            ready.send(()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_answers_until_it_is_dropped_and_leaves_nothing_behind() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let postgres = Postgres::start(&folder.path().join("log"))?;
        let address =
            postgres.url().rsplit_once('@').and_then(|(_, rest)| rest.split_once('/')).context("no address")?.0;
        let (address, data) = (address.to_owned(), postgres.cluster.folder.clone());
        TcpStream::connect(&address).context("the server does not answer")?;
        drop(postgres);
        assert!(TcpStream::connect(&address).is_err(), "the server still answers");
        assert!(!data.exists(), "its data is still there");
        Ok(())
    }
}
