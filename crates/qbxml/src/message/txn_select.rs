//! Which transactions a query asks for (qbxml.md sections 10.3 and 10.6). Without any selection it asks for all.

use crate::element::OneOrMore;
use crate::message::select::{CurrencyFilter, EntryFilter, MatchCriterion};
use crate::value::{Date, DateTime, Line, TxnId, UNBOUNDED};
use crate::{aggregate, choice, words};

choice! {
    /// By identifiers, by numbers, or by a filter.
    enum TxnSelect {
        TxnIds(OneOrMore<TxnId>) = "TxnID",
        RefNumbers(OneOrMore<Line<UNBOUNDED>>) = "RefNumber",
        RefNumbersCaseSensitive(OneOrMore<Line<UNBOUNDED>>) = "RefNumberCaseSensitive",
        Filter(TxnFilter) = part,
    }
}

aggregate! {
    part struct TxnFilter {
        max_returned: Option<i64> = "MaxReturned",
        period: Option<Period> = part,
        entity_filter: Option<EntryFilter> = "EntityFilter",
        account_filter: Option<EntryFilter> = "AccountFilter",
        number: Option<ByRefNumber> = part,
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter",
    }
}

choice! {
    enum Period {
        Modified(ModifiedDateRangeFilter) = "ModifiedDateRangeFilter",
        Dated(TxnDateRangeFilter) = "TxnDateRangeFilter",
    }
}

aggregate! {
    struct ModifiedDateRangeFilter {
        from_modified_date: Option<DateTime> = "FromModifiedDate",
        to_modified_date: Option<DateTime> = "ToModifiedDate",
    }
}

aggregate! {
    struct TxnDateRangeFilter {
        range: Option<TxnDateRange> = part,
    }
}

choice! {
    enum TxnDateRange {
        Between(TxnDates) = part,
        DateMacro(DateMacro) = "DateMacro",
    }
}

aggregate! {
    part struct TxnDates {
        from_txn_date: Option<Date> = "FromTxnDate",
        to_txn_date: Option<Date> = "ToTxnDate",
    }
}

choice! {
    enum ByRefNumber {
        Filter(RefNumberFilter) = "RefNumberFilter",
        Range(RefNumberRangeFilter) = "RefNumberRangeFilter",
    }
}

aggregate! {
    struct RefNumberFilter {
        match_criterion: MatchCriterion = "MatchCriterion",
        ref_number: Line<UNBOUNDED> = "RefNumber",
    }
}

aggregate! {
    struct RefNumberRangeFilter {
        from_ref_number: Option<Line<UNBOUNDED>> = "FromRefNumber",
        to_ref_number: Option<Line<UNBOUNDED>> = "ToRefNumber",
    }
}

words! {
    enum DateMacro {
        All,
        Today,
        ThisWeek,
        ThisWeekToDate,
        ThisMonth,
        ThisMonthToDate,
        ThisCalendarQuarter,
        ThisCalendarQuarterToDate,
        ThisFiscalQuarter,
        ThisFiscalQuarterToDate,
        ThisCalendarYear,
        ThisCalendarYearToDate,
        ThisFiscalYear,
        ThisFiscalYearToDate,
        Yesterday,
        LastWeek,
        LastWeekToDate,
        LastMonth,
        LastMonthToDate,
        LastCalendarQuarter,
        LastCalendarQuarterToDate,
        LastFiscalQuarter,
        LastFiscalQuarterToDate,
        LastCalendarYear,
        LastCalendarYearToDate,
        LastFiscalYear,
        LastFiscalYearToDate,
        NextWeek,
        NextFourWeeks,
        NextMonth,
        NextCalendarQuarter,
        NextCalendarYear,
        NextFiscalQuarter,
        NextFiscalYear,
    }
}
