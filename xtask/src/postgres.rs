//! A PostgreSQL of its own for one test run: fresh, on a free loopback port, gone afterwards.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
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
    url: String,
    // Deleted after the server has stopped: fields are dropped after `drop` has run.
    _folder: TempDir,
}

impl Postgres {
    /// Creates a cluster in a temporary folder and starts a server on it, as user `postgres` (or `nobody`) when we are root,
    /// since PostgreSQL refuses to run as root. What the server logs goes to `log`.
    pub(crate) fn start(log: &Path) -> Result<Self> {
        let programs = machine::postgres_programs().context("no PostgreSQL server on this machine")?;
        let folder = tempfile::Builder::new().prefix("bookferry-postgres-").tempdir()?;
        let (data, password_file) = (folder.path().join("data"), folder.path().join("password"));
        let password = random_password()?;
        fs::write(&password_file, &password)?;
        let account = machine::is_root().then(Account::unprivileged).transpose()?;
        if let Some(account) = &account {
            account.own(folder.path())?;
        }
        let created = as_account(account.as_ref(), &programs.join("initdb"))
            .args(["--username=bookferry", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg(format!("--pwfile={}", password_file.display()))
            .arg(data.as_os_str())
            .current_dir(folder.path())
            .output()
            .context("initdb did not start")?;
        ensure!(created.status.success(), "initdb failed: {}", String::from_utf8_lossy(&created.stderr));
        let port = free_port()?;
        let mut server = as_account(account.as_ref(), &programs.join("postgres"))
            .arg("-D")
            .arg(data.as_os_str())
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on"])
            .args(["-c", &format!("max_connections={CONNECTIONS_MAX}")])
            .args(["-c", &format!("unix_socket_directories={}", folder.path().display())])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("postgres did not start")?;
        let output = server.stderr.take();
        let url = format!("postgres://bookferry:{password}@127.0.0.1:{port}/postgres");
        // From here on, returning early stops the server.
        let postgres = Self { server, url, _folder: folder };
        wait_until_ready(output.context("no log of PostgreSQL")?, log)?;
        Ok(postgres)
    }

    /// Where a superuser can connect and create databases.
    pub(crate) fn url(&self) -> &str {
        &self.url
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
    let file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
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
        let (address, data) = (address.to_owned(), postgres._folder.path().to_owned());
        TcpStream::connect(&address).context("the server does not answer")?;
        drop(postgres);
        assert!(TcpStream::connect(&address).is_err(), "the server still answers");
        assert!(!data.exists(), "its data is still there");
        Ok(())
    }
}
