//! Terms of payment (qbxml.md section 9.6).

use crate::message::error_recovery::ErrorRecovery;
use crate::message::select::ListSelect;
use crate::value::{DateTime, EditSequence, Line, ListId, Name, Percent};
use crate::{aggregate, choice};

aggregate! {
    struct TermsQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct TermsQueryRs {
        terms: Vec<TermsRet> = part,
    }
}

choice! {
    /// Terms of either kind.
    enum TermsRet {
        Standard(StandardTermsRet) = "StandardTermsRet",
        DateDriven(DateDrivenTermsRet) = "DateDrivenTermsRet",
    }
}

aggregate! {
    struct StandardTermsQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct StandardTermsQueryRs {
        standard_terms_ret: Vec<StandardTermsRet> = "StandardTermsRet",
    }
}

aggregate! {
    struct StandardTermsAddRq {
        standard_terms_add: StandardTermsAdd = "StandardTermsAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct StandardTermsAddRs {
        standard_terms_ret: Option<StandardTermsRet> = "StandardTermsRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct StandardTermsAdd {
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        std_due_days: Option<i64> = "StdDueDays",
        std_discount_days: Option<i64> = "StdDiscountDays",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}

aggregate! {
    struct StandardTermsRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        std_due_days: Option<i64> = "StdDueDays",
        std_discount_days: Option<i64> = "StdDiscountDays",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}

aggregate! {
    struct DateDrivenTermsRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        day_of_month_due: Option<i64> = "DayOfMonthDue",
        due_next_month_days: Option<i64> = "DueNextMonthDays",
        discount_day_of_month: Option<i64> = "DiscountDayOfMonth",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}
