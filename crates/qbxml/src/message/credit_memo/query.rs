use super::CreditMemoRet;
use crate::aggregate;
use crate::message::txn_select::TxnSelect;
use crate::value::{Guid, Line};

aggregate! {
    struct CreditMemoQueryRq {
        select: Option<TxnSelect> = part,
        include_line_items: Option<bool> = "IncludeLineItems",
        include_linked_txns: Option<bool> = "IncludeLinkedTxns",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct CreditMemoQueryRs {
        credit_memo_ret: Vec<CreditMemoRet> = "CreditMemoRet",
    }
}
