use super::ReceivePaymentRet;
use crate::aggregate;
use crate::message::txn_select::TxnSelect;
use crate::value::{Guid, Line};

aggregate! {
    struct ReceivePaymentQueryRq {
        select: Option<TxnSelect> = part,
        include_line_items: Option<bool> = "IncludeLineItems",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct ReceivePaymentQueryRs {
        receive_payment_ret: Vec<ReceivePaymentRet> = "ReceivePaymentRet",
    }
}
