//! Invoices (qbxml.md sections 10.1 to 10.3).

mod add;
mod modify;
mod query;
mod ret;

pub use add::{InvoiceAdd, InvoiceAddRq, InvoiceAddRs, InvoiceLine, InvoiceLineAdd, InvoiceLineGroupAdd};
pub use modify::{InvoiceLineGroupMod, InvoiceLineMod, InvoiceMod, InvoiceModLine, InvoiceModRq, InvoiceModRs};
pub use query::{InvoiceFilter, InvoiceQueryRq, InvoiceQueryRs, InvoiceSelect, PaidStatus};
pub use ret::{InvoiceLineGroupRet, InvoiceLineRet, InvoiceRet, InvoiceRetLine};
