//! The QuickBooks Web Connector's protocol, without its transport.
//!
//! A [`Call`] is what the Web Connector asks, a [`Reply`] is what it may be told, and both are read and written here as
//! SOAP 1.1. A server reads calls leniently and writes replies exactly; a client (the simulator) writes calls as .NET
//! does and reads replies as strictly as .NET does.
//!
//! A [`Session`] is one visit: it says what each call asks of the server, and what may be replied.
//!
//! This crate is pure: bytes in, values out. It knows nothing of HTTP, of time, of storage, nor of the qbXML that the
//! calls carry as text. Start reading at [`Session`].

mod actor;
mod authenticated;
mod call;
mod client_version;
mod company_file;
mod connection_verdict;
mod envelope;
mod fault;
mod operation;
mod password;
pub mod qbwc_code;
pub mod qwc;
mod reply;
mod reply_decode;
mod session;
mod status_text;
mod without_session;
mod wsdl;

pub use actor::Actor;
pub use authenticated::{Authenticated, Verdict};
pub use call::{Call, DecodeError};
pub use client_version::ClientVersionVerdict;
pub use company_file::{CompanyFile, ReservedWord};
pub use connection_verdict::ConnectionVerdict;
pub use envelope::EnvelopeError;
pub use fault::{Fault, FaultCode};
pub use operation::Operation;
pub use password::Password;
pub use reply::{INTERACTIVE_MODE, NO_OP, Reply};
pub use reply_decode::ReplyError;
pub use session::{Answer, Exchange, Outcome, QbxmlVersion, ResumeError, Session, Step};
pub use without_session::reply_without_session;
pub use wsdl::wsdl;

/// The namespace of every element of the protocol, its trailing slash included (Web Connector guide, section 5).
pub(crate) const NAMESPACE: &str = "http://developer.intuit.com/";
