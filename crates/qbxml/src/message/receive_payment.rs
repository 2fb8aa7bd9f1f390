//! Payments received (qbxml.md sections 10.4 to 10.6).

mod query;
mod ret;
mod write;

pub use query::{ReceivePaymentQueryRq, ReceivePaymentQueryRs};
pub use ret::{AppliedToTxnRet, ReceivePaymentRet};
pub use write::{
    AppliedToTxnAdd, AppliedToTxnMod, Apply, ReceivePaymentAdd, ReceivePaymentAddRq, ReceivePaymentAddRs,
    ReceivePaymentMod, ReceivePaymentModRq, ReceivePaymentModRs,
};
