//! The Web Connector against small servers made for the purpose: what it does, and what it does not put up with.

mod faults;
mod http;
mod imports;
mod scripted;
mod strict;
mod visits;
