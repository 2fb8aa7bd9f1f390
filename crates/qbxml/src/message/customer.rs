//! Customers and jobs (qbxml.md sections 9.1 to 9.3).

mod query;
mod ret;
mod write;

pub use query::{CustomerFilter, CustomerQueryRq, CustomerQueryRs, CustomerSelect, Operator, TotalBalanceFilter};
pub use ret::{AdditionalNotesRet, CustomerRet};
pub use write::{
    AdditionalContactRef, AdditionalNotes, AdditionalNotesMod, CustomerAdd, CustomerAddRq, CustomerAddRs, CustomerMod,
    CustomerModRq, CustomerModRs, JobStatus, PreferredDeliveryMethod,
};
