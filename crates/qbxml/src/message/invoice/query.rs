use super::InvoiceRet;
use crate::element::OneOrMore;
use crate::message::select::{CurrencyFilter, EntryFilter};
use crate::message::txn_select::{ByRefNumber, Period};
use crate::value::{Guid, Line, TxnId, UNBOUNDED};
use crate::{aggregate, choice, words};

aggregate! {
    /// Without `include_line_items` the answer has no lines, without `include_linked_txns` no payments (qbxml.md section 10.3).
    struct InvoiceQueryRq {
        select: Option<InvoiceSelect> = part,
        include_line_items: Option<bool> = "IncludeLineItems",
        include_linked_txns: Option<bool> = "IncludeLinkedTxns",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct InvoiceQueryRs {
        invoice_ret: Vec<InvoiceRet> = "InvoiceRet",
    }
}

choice! {
    /// Which invoices; numbers are compared without regard to case unless it says otherwise.
    enum InvoiceSelect {
        TxnIds(OneOrMore<TxnId>) = "TxnID",
        RefNumbers(OneOrMore<Line<UNBOUNDED>>) = "RefNumber",
        RefNumbersCaseSensitive(OneOrMore<Line<UNBOUNDED>>) = "RefNumberCaseSensitive",
        Filter(InvoiceFilter) = part,
    }
}

aggregate! {
    part struct InvoiceFilter {
        max_returned: Option<i64> = "MaxReturned",
        period: Option<Period> = part,
        entity_filter: Option<EntryFilter> = "EntityFilter",
        account_filter: Option<EntryFilter> = "AccountFilter",
        number: Option<ByRefNumber> = part,
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter",
        paid_status: Option<PaidStatus> = "PaidStatus",
    }
}

words! {
    enum PaidStatus {
        All,
        PaidOnly,
        NotPaidOnly,
    }
}
