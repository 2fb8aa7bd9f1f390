//! The built binary, as an operator and a script use it.

mod backfill;
mod backup;
mod bench;
mod company;
mod configuration;
mod crossing;
mod demo;
mod doctor;
mod help;
mod import;
mod people;
#[cfg(unix)]
mod rebind;
mod reconcile;
mod simulate;
