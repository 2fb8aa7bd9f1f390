//! `cargo xtask outages`: what the server stands on breaks under it while it lives, and it neither loses nor repeats.
//!
//! PostgreSQL is restarted at once or ends all its connections, the disk fills up, the clock jumps; each at random moments
//! of hand-overs and visits. Meanwhile every refusal must say what it is, and afterwards the same server must go on by
//! itself. At the end all accounts must agree, as in [`crate::chaos`].

mod clock_jumps;
mod disk_full;
mod postgres_down;
mod witness;

use std::sync::mpsc::{self, TryRecvError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use bookferry_simulator::SplitMix64;
use clap::{Args, ValueEnum};

use crate::chaos::company::Company;
use crate::chaos::installation::Installation;
use crate::chaos::server::Server;
use crate::mount;
use crate::outages::witness::Witness;
use crate::toll::Toll;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct OutagesOptions {
    /// What breaks.
    what: What,
    /// How often.
    #[arg(long, value_name = "N", default_value_t = 20)]
    times: u32,
    /// Decides the records, and when it breaks.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Keep the records in a throwaway PostgreSQL while the clock jumps, instead of SQLite.
    #[arg(long)]
    postgres: bool,
    #[arg(long, hide = true)]
    alone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// PostgreSQL, by turns restarted without a shutdown and rid of all its connections.
    PostgresDown,
    /// The disk, which somebody else fills up and empties again.
    DiskFull,
    /// The clock, which goes two hours back, days ahead, and to the present again.
    ClockJumps,
}

/// The company and the server that live through it.
struct Life<'a> {
    company: Company<'a>,
    witness: Witness,
    random: SplitMix64,
    _server: Server,
}

const DELAY_MAX_MILLIS: u64 = 300;
/// How often a server may still be in trouble after what it stands on works again.
const RECOVERY_TRIES_MAX: u32 = 20;

/// Prints a line of counts.
pub(crate) fn run(workspace: &Workspace, options: &OutagesOptions) -> Result<()> {
    match options.what {
        What::PostgresDown => postgres_down::run(workspace, options),
        What::DiskFull => {
            if let Some(obstacle) = mount::obstacle(disk_full::PROGRAMS) {
                println!("skipped: a full disk needs a file system of its own: {obstacle}");
                return Ok(());
            }
            mount::be_alone(options.alone)?;
            disk_full::run(workspace, options)
        }
        What::ClockJumps => clock_jumps::run(workspace, options),
    }
}

impl<'a> Life<'a> {
    fn begin(installation: &'a Installation, options: &OutagesOptions) -> Result<Self> {
        let company = Company::add(installation, SplitMix64::new(options.seed))?;
        let server = company.start_server()?;
        Ok(Self { company, witness: Witness::default(), random: SplitMix64::new(options.seed), _server: server })
    }

    /// Lives while something happens after a random delay, and a little longer.
    fn live_through(&mut self, happen: impl FnOnce() -> Result<()>) -> Result<()> {
        let delay = Duration::from_millis(self.random.below(DELAY_MAX_MILLIS));
        let Self { company, witness, .. } = self;
        let (over, is_over) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let living = scope.spawn(move || {
                while is_over.try_recv() == Err(TryRecvError::Empty) {
                    witness.live(company);
                }
            });
            // Nobody sends, so that whoever receives waits for so long. What is started here must be started by the thread
            // that outlives it: PostgreSQL ends with the thread that started it.
            let (_nobody, word) = mpsc::channel::<()>();
            word.recv_timeout(delay).ok();
            let happened = happen();
            drop(over);
            living.join().map_err(|_| anyhow::anyhow!("the company's life panicked"))?;
            happened
        })
    }

    /// The same server must come round by itself.
    fn recover(&mut self) -> Result<()> {
        for _ in 0..RECOVERY_TRIES_MAX {
            if self.witness.live(&mut self.company) {
                return Ok(());
            }
        }
        anyhow::bail!("the server does not come round: {}", self.witness.last())
    }

    /// Holds all accounts against one another and prints them.
    fn end(mut self, what: &str, options: &OutagesOptions) -> Result<()> {
        let mut toll = Toll::default();
        let settled = self.company.settle_up()?;
        toll.add("in the end", settled);
        println!("{what}={} seed={} {} {toll}", options.times, options.seed, self.witness);
        toll.ensure_clean()?;
        self.witness.ensure_plain()
    }
}
