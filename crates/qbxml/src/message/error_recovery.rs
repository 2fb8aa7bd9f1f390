//! What is left of a write's answer when the whole of it could not be kept (qbxml.md section 4).

use crate::value::{EditSequence, Guid, ListId, TxnId};
use crate::{aggregate, choice};

aggregate! {
    struct ErrorRecovery {
        object: Option<Recovered> = part,
        txn_number: Option<i64> = "TxnNumber",
        edit_sequence: Option<EditSequence> = "EditSequence",
        external_guid: Option<Guid> = "ExternalGUID",
    }
}

choice! {
    /// The object that was written.
    enum Recovered {
        List(ListId) = "ListID",
        Owner(Guid) = "OwnerID",
        Txn(TxnId) = "TxnID",
    }
}
