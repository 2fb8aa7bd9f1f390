use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::chaos::api::Api;
use crate::chaos::installation::{CRASH_POINT, CRASH_POINT_REACHED, Installation, SIGABRT};

/// How long a server that broke a connection may still take to be gone.
const DEATH_PATIENCE: Duration = Duration::from_secs(5);
const START_PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a server that listens and is not ready yet.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const LOOKS_MAX: u32 = 500;
const LISTENS: &str = "Bookferry listens on ";
const SIGKILL: i32 = 9;

/// A running server; dropping it kills it.
pub(crate) struct Server {
    child: Arc<Mutex<Child>>,
    /// Tells when it listens, and closes when it has ended.
    listening: Receiver<()>,
    /// Whether it said that it dies at its crash point.
    is_at_crash_point: Arc<AtomicBool>,
}

/// Somebody who kills a server after a while, unless told to stand down.
pub(crate) struct Killer {
    stand_down: Sender<()>,
    thread: JoinHandle<Result<bool>>,
}

impl Server {
    pub(crate) fn start(installation: &Installation) -> Result<Self> {
        Self::spawn(installation, installation.serve()?)
    }

    /// One that dies at this crash point.
    pub(crate) fn start_armed(installation: &Installation, point: &str) -> Result<Self> {
        let mut command = installation.serve()?;
        command.env(CRASH_POINT, point);
        Self::spawn(installation, command)
    }

    fn spawn(installation: &Installation, mut command: Command) -> Result<Self> {
        let mut log = installation.log()?;
        let mut child = command.spawn().context("the server did not start")?;
        let output = BufReader::new(child.stderr.take().context("no log of the server")?);
        let (listens, listening) = mpsc::channel();
        let is_at_crash_point = Arc::new(AtomicBool::new(false));
        let reaches = Arc::clone(&is_at_crash_point);
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                writeln!(log, "{line}").ok();
                if line == CRASH_POINT_REACHED {
                    reaches.store(true, Ordering::SeqCst);
                }
                if line.starts_with(LISTENS) {
                    listens.send(()).ok();
                }
            }
        });
        Ok(Self { child: Arc::new(Mutex::new(child)), listening, is_at_crash_point })
    }

    /// Waits until it is ready to serve; `false` where it was killed before.
    pub(crate) fn wait_until_ready(&self, api: &Api) -> Result<bool> {
        match self.listening.recv_timeout(START_PATIENCE) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => return self.end_was_a_kill().map(|()| false),
            Err(RecvTimeoutError::Timeout) => bail!("the server does not listen"),
        }
        for _ in 0..LOOKS_MAX {
            if api.is_ready() {
                return Ok(true);
            }
            if self.listening.recv_timeout(LOOK_AGAIN) == Err(RecvTimeoutError::Disconnected) {
                return self.end_was_a_kill().map(|()| false);
            }
        }
        bail!("the server listens and does not become ready")
    }

    /// The most memory that it ever had resident, in kilobytes, as the kernel counts.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", lock(&self.child).id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        Ok(peak.context("the kernel does not tell the server's memory")?.parse()?)
    }

    /// Ends it as nothing else does.
    pub(crate) fn kill(&self) -> Result<()> {
        kill(&self.child)
    }

    pub(crate) fn is_running(&self) -> Result<bool> {
        Ok(lock(&self.child).try_wait()?.is_none())
    }

    /// Whether it is gone, or goes in a moment.
    pub(crate) fn dies_soon(&self) -> bool {
        self.listening.recv_timeout(DEATH_PATIENCE) == Err(RecvTimeoutError::Disconnected)
    }

    /// Fails where it lives, or died of anything but its crash point.
    pub(crate) fn ensure_died_at_its_point(&self) -> Result<()> {
        ensure!(self.dies_soon(), "the server lives");
        let status = lock(&self.child).wait()?;
        ensure!(status.signal() == Some(SIGABRT), "the server ended with {status}");
        ensure!(self.is_at_crash_point.load(Ordering::SeqCst), "the server ended before its crash point");
        Ok(())
    }

    pub(crate) fn kill_after(&self, delay: Duration) -> Killer {
        self.kill_after_and(delay, || Ok(()))
    }

    /// What happens along with it happens before the server is gone, and after it last did anything of its own.
    pub(crate) fn kill_after_and(
        &self,
        delay: Duration,
        along_with_it: impl FnOnce() -> Result<()> + Send + 'static,
    ) -> Killer {
        let (stand_down, told) = mpsc::channel();
        let child = Arc::clone(&self.child);
        let thread = thread::spawn(move || match told.recv_timeout(delay) {
            Err(RecvTimeoutError::Timeout) => {
                lock(&child).kill()?;
                along_with_it()?;
                lock(&child).wait()?;
                Ok(true)
            }
            Ok(()) | Err(RecvTimeoutError::Disconnected) => Ok(false),
        });
        Killer { stand_down, thread }
    }

    /// A server that ends by itself has a fault that this run is not about, but must show.
    fn end_was_a_kill(&self) -> Result<()> {
        let status = lock(&self.child).wait()?;
        let is_killed = status.signal() == Some(SIGKILL) || self.is_at_crash_point.load(Ordering::SeqCst);
        ensure!(is_killed, "the server ended by itself: {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = kill(&self.child) {
            eprintln!("The server could not be killed: {error}");
        }
    }
}

impl Killer {
    /// Whether the server had been killed before the word came.
    pub(crate) fn stand_down(self) -> Result<bool> {
        // A killer that has struck listens no longer.
        self.stand_down.send(()).ok();
        self.thread.join().map_err(|_| anyhow::anyhow!("the killer panicked"))?
    }
}

fn kill(child: &Mutex<Child>) -> Result<()> {
    let mut child = lock(child);
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}
