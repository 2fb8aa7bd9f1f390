//! Accounts (qbxml.md section 9.5).

use crate::element::OneOrMore;
use crate::message::data_ext::DataExtRet;
use crate::message::error_recovery::ErrorRecovery;
use crate::message::select::{ActiveStatus, ByName, CurrencyFilter};
use crate::value::{Amount, Date, DateTime, EditSequence, Guid, Line, ListId, Name, Ref, Text, UNBOUNDED};
use crate::{aggregate, choice, words};

aggregate! {
    struct AccountQueryRq {
        select: Option<AccountSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct AccountQueryRs {
        account_ret: Vec<AccountRet> = "AccountRet",
    }
}

choice! {
    /// Which accounts.
    enum AccountSelect {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<UNBOUNDED>>) = "FullName",
        Filter(AccountFilter) = part,
    }
}

aggregate! {
    part struct AccountFilter {
        max_returned: Option<i64> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<DateTime> = "FromModifiedDate",
        to_modified_date: Option<DateTime> = "ToModifiedDate",
        name: Option<ByName> = part,
        account_type: Vec<AccountType> = "AccountType",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter",
    }
}

aggregate! {
    struct AccountAddRq {
        account_add: AccountAdd = "AccountAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct AccountAddRs {
        account_ret: Option<AccountRet> = "AccountRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct AccountAdd {
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        account_type: AccountType = "AccountType",
        account_number: Option<Line<7>> = "AccountNumber",
        bank_number: Option<Line<25>> = "BankNumber",
        desc: Option<Text<200>> = "Desc",
        open_balance: Option<Amount> = "OpenBalance",
        open_balance_date: Option<Date> = "OpenBalanceDate",
        tax_line_id: Option<i64> = "TaxLineID",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
    }
}

aggregate! {
    struct AccountRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        full_name: Line<159> = "FullName",
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        account_type: Option<AccountType> = "AccountType",
        special_account_type: Option<SpecialAccountType> = "SpecialAccountType",
        account_number: Option<Line<7>> = "AccountNumber",
        bank_number: Option<Line<25>> = "BankNumber",
        desc: Option<Text<200>> = "Desc",
        balance: Option<Amount> = "Balance",
        total_balance: Option<Amount> = "TotalBalance",
        cash_flow_classification: Option<CashFlowClassification> = "CashFlowClassification",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

words! {
    enum AccountType {
        AccountsPayable,
        AccountsReceivable,
        Bank,
        CostOfGoodsSold,
        CreditCard,
        Equity,
        Expense,
        FixedAsset,
        Income,
        LongTermLiability,
        NonPosting,
        OtherAsset,
        OtherCurrentAsset,
        OtherCurrentLiability,
        OtherExpense,
        OtherIncome,
    }
}

words! {
    enum SpecialAccountType {
        AccountsPayable,
        AccountsReceivable,
        CondenseItemAdjustmentExpenses,
        CostOfGoodsSold,
        DirectDepositLiabilities,
        Estimates,
        ExchangeGainLoss,
        InventoryAssets,
        ItemReceiptAccount,
        OpeningBalanceEquity,
        PayrollExpenses,
        PayrollLiabilities,
        PettyCash,
        PurchaseOrders,
        ReconciliationDifferences,
        RetainedEarnings,
        SalesOrders,
        SalesTaxPayable,
        UncategorizedExpenses,
        UncategorizedIncome,
        UndepositedFunds,
    }
}

words! {
    enum CashFlowClassification {
        None,
        Operating,
        Investing,
        Financing,
        NotApplicable,
    }
}
