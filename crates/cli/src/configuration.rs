//! Where options come from: flags, then the environment, then `bookferry.toml`.
//!
//! The file's values become the defaults of clap's own arguments, so that one rule of precedence holds for all of them,
//! `--help` shows what is in force, and a wrong value is reported like a wrong flag.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::OsStr;
use clap::{Arg, ArgMatches, Command};
use toml::{Table, Value};

/// The name of the file, in the current directory or else in the data directory.
const FILE_NAME: &str = "bookferry.toml";

pub(crate) enum Unusable {
    /// The command line, or a value from the file or the environment that an option does not take.
    Arguments(clap::Error),
    File(FileError),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("{path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not understood: {message}")]
    Toml { path: PathBuf, message: String },
    #[error("{path}: there is no option `{key}`{}", hint.as_ref().map_or(String::new(), |hint| format!("; {hint}")))]
    UnknownKey { path: PathBuf, key: String, hint: Option<String> },
    #[error("{path}: `{key}` must be text, a number, true or false, or a list of texts")]
    Kind { path: PathBuf, key: String },
}

/// Parses the command line over the environment over the file.
pub(crate) fn matches(command: Command, arguments: impl IntoIterator<Item = OsString>) -> Result<ArgMatches, Unusable> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command = match find(&command, &arguments).map_err(Unusable::File)? {
        Some((path, table)) => with_defaults(command, &path, &table).map_err(Unusable::File)?,
        None => command,
    };
    command.try_get_matches_from(arguments).map_err(Unusable::Arguments)
}

/// Reads the file that `--config` names, or the one in the current directory, or the one in the data directory.
fn find(command: &Command, arguments: &[OsString]) -> Result<Option<(PathBuf, Table)>, FileError> {
    let Ok(early) = command.clone().ignore_errors(true).try_get_matches_from(arguments) else { return Ok(None) };
    if let Some(path) = path_argument(&early, "config") {
        return read(&path).map(|table| Some((path, table)));
    }
    let in_data_directory = path_argument(&early, "data_dir").map(|directory| directory.join(FILE_NAME));
    match [Some(PathBuf::from(FILE_NAME)), in_data_directory].into_iter().flatten().find(|path| path.is_file()) {
        Some(path) => read(&path).map(|table| Some((path, table))),
        None => Ok(None),
    }
}

fn path_argument(matches: &ArgMatches, id: &str) -> Option<PathBuf> {
    let here = matches.try_get_one::<PathBuf>(id).ok().flatten().cloned();
    here.or_else(|| matches.subcommand().and_then(|(_, below)| path_argument(below, id)))
}

fn read(path: &Path) -> Result<Table, FileError> {
    let text = std::fs::read_to_string(path).map_err(|source| FileError::Read { path: path.to_owned(), source })?;
    text.parse().map_err(|error: toml::de::Error| FileError::Toml { path: path.to_owned(), message: error.to_string() })
}

/// A key of the file stands for the option of that name in every command; below a table named after a command, for that
/// command alone.
fn with_defaults(command: Command, path: &Path, table: &Table) -> Result<Command, FileError> {
    check_keys(&command, path, table, "")?;
    apply(command, path, &Table::new(), table)
}

fn apply(command: Command, path: &Path, inherited: &Table, own: &Table) -> Result<Command, FileError> {
    let mut known = inherited.clone();
    known.extend(own.iter().filter(|(_, value)| !value.is_table()).map(|(key, value)| (dashed(key), value.clone())));
    let mut command = command;
    let options: Vec<(String, String)> = command
        .get_arguments()
        .filter_map(|arg| Some((arg.get_id().to_string(), arg.get_long()?.to_owned())))
        .collect();
    for (id, long) in options {
        if let Some(value) = known.get(&long) {
            let defaults = texts(value).ok_or_else(|| FileError::Kind { path: path.to_owned(), key: long.clone() })?;
            command = command.mut_arg(id, |arg| with_default(arg, defaults));
        }
    }
    let below: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in below {
        let table = own.get(&name).and_then(Value::as_table).cloned().unwrap_or_default();
        let mut failed = None;
        command = command.mut_subcommand(name, |below| match apply(below.clone(), path, &known, &table) {
            Ok(below) => below,
            Err(error) => {
                failed = Some(error);
                below
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
    }
    Ok(command)
}

fn with_default(arg: Arg, defaults: Vec<String>) -> Arg {
    // clap keeps defaults for the life of the program, and these are read once.
    let defaults: Vec<OsStr> = defaults.into_iter().map(|text| OsStr::from(&*text.leak())).collect();
    arg.required(false).default_values(defaults)
}

fn check_keys(command: &Command, path: &Path, table: &Table, prefix: &str) -> Result<(), FileError> {
    for (key, value) in table {
        let full = format!("{prefix}{key}");
        let unknown =
            |hint: Option<String>| Err(FileError::UnknownKey { path: path.to_owned(), key: full.clone(), hint });
        if let Value::Table(below) = value {
            match command.find_subcommand(key) {
                Some(subcommand) => check_keys(subcommand, path, below, &format!("{full}."))?,
                None => return unknown(Some("tables are named after commands".to_owned())),
            }
        } else if !has_option(command, &dashed(key)) {
            return unknown(None);
        }
    }
    Ok(())
}

fn has_option(command: &Command, long: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some(long) && long != "config")
        || command.get_subcommands().any(|below| has_option(below, long))
}

fn dashed(key: &str) -> String {
    key.replace('_', "-")
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Boolean(truth) => Some(vec![truth.to_string()]),
        Value::Array(values) => values.iter().map(|value| value.as_str().map(str::to_owned)).collect(),
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}
