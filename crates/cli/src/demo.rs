//! The demo's shop: pure, and the same for the same seed and day.

mod catalog;
mod random;
mod shop;
mod trouble;

pub(crate) use shop::{ENABLED_DAYS, records};
pub(crate) use trouble::{CLOSED_DAYS, VENDOR};
