use super::CustomerRet;
use crate::element::OneOrMore;
use crate::message::select::{ActiveStatus, ByName, CurrencyFilter, EntryFilter};
use crate::value::{Amount, DateTime, Guid, Line, ListId, UNBOUNDED};
use crate::{aggregate, choice, words};

aggregate! {
    struct CustomerQueryRq {
        select: Option<CustomerSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct CustomerQueryRs {
        customer_ret: Vec<CustomerRet> = "CustomerRet",
    }
}

choice! {
    /// Which customers and jobs.
    enum CustomerSelect {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<UNBOUNDED>>) = "FullName",
        Filter(CustomerFilter) = part,
    }
}

aggregate! {
    part struct CustomerFilter {
        max_returned: Option<i64> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<DateTime> = "FromModifiedDate",
        to_modified_date: Option<DateTime> = "ToModifiedDate",
        name: Option<ByName> = part,
        total_balance_filter: Option<TotalBalanceFilter> = "TotalBalanceFilter",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter",
        class_filter: Option<EntryFilter> = "ClassFilter",
    }
}

aggregate! {
    struct TotalBalanceFilter {
        operator: Operator = "Operator",
        amount: Amount = "Amount",
    }
}

words! {
    enum Operator {
        LessThan,
        LessThanEqual,
        Equal,
        GreaterThan,
        GreaterThanEqual,
    }
}
