//! Programs that a test run starts, and ending them when the run is interrupted.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// How long a program that was asked to end may take before it is killed.
const END_PATIENCE: Duration = Duration::from_secs(20);
/// How long a program's output may stay open after its end. What holds it open longer is a program it left behind.
const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

/// Runs programs one after the other, and notices when the run is to end early.
pub(crate) struct Children {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
}

enum Event {
    /// Ctrl-C, or a termination signal.
    Interrupted,
    /// A line of a program's output.
    Line(String),
    /// A program ended.
    Ended(ExitStatus),
    /// Both output streams of a program are closed.
    Closed,
}

impl Children {
    /// Takes over the handling of interrupts; once in a process.
    pub(crate) fn new() -> Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let handler = sender.clone();
        // The receiver lives as long as the run; after it nobody is left to tell.
        ctrlc::set_handler(move || {
            handler.send(Event::Interrupted).ok();
        })
        .context("no handler for interrupts")?;
        Ok(Self { sender, receiver })
    }

    /// Runs a program to its end, shows what it prints, and returns the lines that `keep` picks.
    ///
    /// Fails with `failure` when the program does not succeed or leaves a program behind, and when the run is interrupted.
    pub(crate) fn run(&self, command: &mut Command, failure: &str, keep: fn(&str) -> bool) -> Result<Vec<String>> {
        let pid = self.start(command)?;
        let mut kept = Vec::new();
        let mut show = |line: String| {
            println!("{line}");
            if keep(&line) {
                kept.push(line);
            }
        };
        let (mut status, mut closed) = (None, false);
        while status.is_none() || !closed {
            let event = match status {
                None => self.receiver.recv()?,
                Some(_) => self.receiver.recv_timeout(CLOSE_PATIENCE).map_err(|_| {
                    anyhow::anyhow!("{failure} It ended but left a program running that holds its output open.")
                })?,
            };
            match event {
                Event::Line(line) => show(line),
                Event::Ended(ended) => status = Some(ended),
                Event::Closed => closed = true,
                Event::Interrupted => {
                    if status.is_none() {
                        self.end(pid)?;
                    }
                    bail!("Interrupted.");
                }
            }
        }
        ensure!(status.is_some_and(|status| status.success()), "{failure}");
        Ok(kept)
    }

    /// Starts a program whose output and end arrive as events.
    fn start(&self, command: &mut Command) -> Result<u32> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            // A group of its own, so that what the program starts can be ended with it.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{program} did not start"))?;
        let pid = child.id();
        let streams: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().context("no standard output")?),
            Box::new(child.stderr.take().context("no standard error")?),
        ];
        let readers = streams.map(|stream| {
            let sender = self.sender.clone();
            thread::spawn(move || send_lines(stream, &sender))
        });
        let closed = self.sender.clone();
        thread::spawn(move || {
            for reader in readers {
                reader.join().ok();
            }
            closed.send(Event::Closed).ok();
        });
        let ended = self.sender.clone();
        thread::spawn(move || child.wait().map(|status| ended.send(Event::Ended(status))));
        Ok(pid)
    }

    /// Ends a program and what it started as a service manager would, and kills them when they take too long.
    fn end(&self, pid: u32) -> Result<()> {
        send_signal(&format!("-{pid}"), "TERM")?;
        loop {
            match self.receiver.recv_timeout(END_PATIENCE) {
                Ok(Event::Ended(_)) => return Ok(()),
                Ok(Event::Line(_) | Event::Closed) => {}
                Ok(Event::Interrupted) | Err(_) => return send_signal(&format!("-{pid}"), "KILL"),
            }
        }
    }
}

/// Sends a signal to one process of ours.
pub(crate) fn signal(pid: u32, name: &str) -> Result<()> {
    send_signal(&pid.to_string(), name)
}

/// The receiver is a process, or a group with a minus sign before it. That it is gone already is no error.
fn send_signal(receiver: &str, name: &str) -> Result<()> {
    Command::new("kill")
        .args(["-s", name, "--", receiver])
        .stderr(Stdio::null())
        .status()
        .context("kill did not start")?;
    Ok(())
}

fn send_lines(stream: impl Read, sender: &Sender<Event>) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    // Bytes, since a test may print what is not UTF-8.
    while stream.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        let text = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        if sender.send(Event::Line(text)).is_err() {
            return;
        }
        line.clear();
    }
}
