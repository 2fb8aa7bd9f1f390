//! `bookferry`, the one shipped binary: every command that the operator, the integrator and the demo need.
//!
//! Options come from the command line, then from `BOOKFERRY_…` in the environment, then from `bookferry.toml`
//! ([`configuration`]). Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 failed,
//! 2 the command was not understood. The rules live elsewhere: in `sync`, `store`, `server` and `simulator`; only
//! [`import`] reads foreign files itself. Start with [`command`].

mod command;
mod configuration;
mod database;
mod demo;
mod import;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use command::Cli;

fn main() -> ExitCode {
    let matches = match configuration::matches(Cli::command(), std::env::args_os()) {
        Ok(matches) => matches,
        Err(configuration::Unusable::Arguments(error)) => {
            // Help and version are "errors" that go to standard output with exit code 0.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(2) };
        }
        Err(configuration::Unusable::File(error)) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match command::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// The chain of causes in one line, outermost first.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
