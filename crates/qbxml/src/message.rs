//! The messages themselves, a file for each family.

pub mod invoice;
