//! The log of a server: standard error, in words or as JSON.

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub(crate) struct LogArgs {
    /// The form of the log
    #[arg(long, env = "BOOKFERRY_LOG_FORMAT", value_name = "FORM", default_value = "text")]
    log_format: LogForm,
    /// What is logged, such as `info` or `bookferry_server=debug`; records' contents only at debug
    #[arg(long, env = "BOOKFERRY_LOG", value_name = "FILTER")]
    log: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogForm {
    Text,
    Json,
}

/// `default` is the filter where nobody chose one.
pub(crate) fn start(args: &LogArgs, default: &str) -> anyhow::Result<()> {
    let filter = args.log.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).with_context(|| format!("the log filter \"{filter}\""))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let is_coloured = console::colors_enabled_stderr();
    match args.log_format {
        LogForm::Text => builder.with_ansi(is_coloured).try_init(),
        LogForm::Json => builder.json().try_init(),
    }
    .map_err(|error| anyhow!("the log cannot be started: {error}"))
}
