//! Methods of payment (qbxml.md section 9.7).

use crate::element::OneOrMore;
use crate::message::error_recovery::ErrorRecovery;
use crate::message::select::{ActiveStatus, ByName};
use crate::value::{DateTime, EditSequence, Line, ListId, Name, UNBOUNDED};
use crate::{aggregate, choice, words};

aggregate! {
    struct PaymentMethodQueryRq {
        select: Option<PaymentMethodSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct PaymentMethodQueryRs {
        payment_method_ret: Vec<PaymentMethodRet> = "PaymentMethodRet",
    }
}

choice! {
    /// Which methods of payment.
    enum PaymentMethodSelect {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<UNBOUNDED>>) = "FullName",
        Filter(PaymentMethodFilter) = part,
    }
}

aggregate! {
    part struct PaymentMethodFilter {
        max_returned: Option<i64> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<DateTime> = "FromModifiedDate",
        to_modified_date: Option<DateTime> = "ToModifiedDate",
        name: Option<ByName> = part,
        payment_method_type: Vec<PaymentMethodType> = "PaymentMethodType",
    }
}

aggregate! {
    struct PaymentMethodAddRq {
        payment_method_add: PaymentMethodAdd = "PaymentMethodAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct PaymentMethodAddRs {
        payment_method_ret: Option<PaymentMethodRet> = "PaymentMethodRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct PaymentMethodAdd {
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        payment_method_type: Option<PaymentMethodType> = "PaymentMethodType",
    }
}

aggregate! {
    struct PaymentMethodRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        payment_method_type: Option<PaymentMethodType> = "PaymentMethodType",
    }
}

words! {
    enum PaymentMethodType {
        AmericanExpress,
        Cash,
        Check,
        DebitCard,
        Discover,
        ECheck,
        GiftCard,
        MasterCard,
        Other,
        OtherCreditCard,
        Visa,
    }
}
