//! Which entries of a list a query asks for (qbxml.md sections 7 and 9). Without any selection it asks for all active ones.

use crate::element::OneOrMore;
use crate::value::{DateTime, Line, ListId, UNBOUNDED};
use crate::{aggregate, choice, words};

choice! {
    /// By identifiers, by full names, or by a filter; in lists that have no filters of their own.
    enum ListSelect {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<UNBOUNDED>>) = "FullName",
        Filter(ListFilter) = part,
    }
}

aggregate! {
    part struct ListFilter {
        max_returned: Option<i64> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<DateTime> = "FromModifiedDate",
        to_modified_date: Option<DateTime> = "ToModifiedDate",
        name: Option<ByName> = part,
    }
}

words! {
    /// Inactive entries stay invisible without `All`, although their names still block a new one.
    enum ActiveStatus {
        ActiveOnly,
        InactiveOnly,
        All,
    }
}

choice! {
    enum ByName {
        Filter(NameFilter) = "NameFilter",
        Range(NameRangeFilter) = "NameRangeFilter",
    }
}

aggregate! {
    struct NameFilter {
        match_criterion: MatchCriterion = "MatchCriterion",
        name: Line<UNBOUNDED> = "Name",
    }
}

words! {
    enum MatchCriterion {
        StartsWith,
        Contains,
        EndsWith,
    }
}

aggregate! {
    struct NameRangeFilter {
        from_name: Option<Line<UNBOUNDED>> = "FromName",
        to_name: Option<Line<UNBOUNDED>> = "ToName",
    }
}

aggregate! {
    struct CurrencyFilter {
        currency: Currency = part,
    }
}

choice! {
    enum Currency {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<64>>) = "FullName",
    }
}

aggregate! {
    /// Restricts to classes, customers or accounts, according to the field it stands in.
    struct EntryFilter {
        entries: Entries = part,
    }
}

choice! {
    enum Entries {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<UNBOUNDED>>) = "FullName",
        ListIdWithChildren(ListId) = "ListIDWithChildren",
        FullNameWithChildren(Line<UNBOUNDED>) = "FullNameWithChildren",
    }
}
