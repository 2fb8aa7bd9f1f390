//! The messages, by the object they are about. Every struct is one element of the schema, with its fields in schema order.
//!
//! Left out: card data, which this program never carries, and the blocks of contact persons. In an answer they are skipped.
//! What an answer's `Ret` must hold is its identity (`ListID` and names, or `TxnID`) and its `EditSequence`; who narrows a
//! query by `IncludeRetElement` asks for these too.

pub mod account;
pub mod address;
pub mod company;
pub mod credit_memo;
pub mod customer;
pub mod data_ext;
pub mod error_recovery;
pub mod invoice;
pub mod item;
pub mod other_names;
pub mod payment_method;
pub mod preferences;
pub mod receive_payment;
pub mod removal;
pub mod select;
pub mod small_list;
pub mod terms;
pub mod txn;
pub mod txn_select;
