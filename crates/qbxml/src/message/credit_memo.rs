//! Credit memos (qbxml.md section 10.7).

mod add;
mod query;
mod ret;

pub use add::{
    CreditMemoAdd, CreditMemoAddRq, CreditMemoAddRs, CreditMemoLine, CreditMemoLineAdd, CreditMemoLineGroupAdd,
};
pub use query::{CreditMemoQueryRq, CreditMemoQueryRs};
pub use ret::{CreditMemoLineGroupRet, CreditMemoLineRet, CreditMemoRet, CreditMemoRetLine};
