//! Voiding and deleting transactions, and what was deleted (qbxml.md sections 9.11 and 10.10).

use crate::element::OneOrMore;
use crate::message::error_recovery::ErrorRecovery;
use crate::value::{DateTime, Line, ListId, TxnId, UNBOUNDED};
use crate::{aggregate, words};

aggregate! {
    /// Keeps the transaction with amounts of zero. Nothing guards it against a change made meanwhile.
    struct TxnVoidRq {
        txn_void_type: TxnVoidType = "TxnVoidType",
        txn_id: TxnId = "TxnID",
    }
}

aggregate! {
    /// There is no EditSequence in it: who needs the new one asks again.
    struct TxnVoidRs {
        txn_void_type: Option<TxnVoidType> = "TxnVoidType",
        txn_id: Option<TxnId> = "TxnID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        ref_number: Option<Line<UNBOUNDED>> = "RefNumber",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct TxnDelRq {
        txn_del_type: TxnDelType = "TxnDelType",
        txn_id: TxnId = "TxnID",
    }
}

aggregate! {
    struct TxnDelRs {
        txn_del_type: Option<TxnDelType> = "TxnDelType",
        txn_id: Option<TxnId> = "TxnID",
        time_deleted: Option<DateTime> = "TimeDeleted",
        ref_number: Option<Line<UNBOUNDED>> = "RefNumber",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    /// QuickBooks remembers 90 days.
    struct TxnDeletedQueryRq {
        txn_del_type: OneOrMore<TxnDelType> = "TxnDelType",
        deleted_date_range_filter: Option<DeletedDateRangeFilter> = "DeletedDateRangeFilter",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct TxnDeletedQueryRs {
        txn_deleted_ret: Vec<TxnDeletedRet> = "TxnDeletedRet",
    }
}

aggregate! {
    struct TxnDeletedRet {
        txn_del_type: TxnDelType = "TxnDelType",
        txn_id: TxnId = "TxnID",
        time_created: Option<DateTime> = "TimeCreated",
        time_deleted: Option<DateTime> = "TimeDeleted",
        ref_number: Option<Line<UNBOUNDED>> = "RefNumber",
    }
}

aggregate! {
    /// QuickBooks remembers 90 days.
    struct ListDeletedQueryRq {
        list_del_type: OneOrMore<ListDelType> = "ListDelType",
        deleted_date_range_filter: Option<DeletedDateRangeFilter> = "DeletedDateRangeFilter",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ListDeletedQueryRs {
        list_deleted_ret: Vec<ListDeletedRet> = "ListDeletedRet",
    }
}

aggregate! {
    struct ListDeletedRet {
        list_del_type: ListDelType = "ListDelType",
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_deleted: Option<DateTime> = "TimeDeleted",
        full_name: Option<Line<UNBOUNDED>> = "FullName",
    }
}

aggregate! {
    struct DeletedDateRangeFilter {
        from_deleted_date: Option<DateTime> = "FromDeletedDate",
        to_deleted_date: Option<DateTime> = "ToDeletedDate",
    }
}

words! {
    enum TxnVoidType {
        ArRefundCreditCard = "ARRefundCreditCard",
        Bill,
        BillPaymentCheck,
        BillPaymentCreditCard,
        Charge,
        Check,
        CreditCardCharge,
        CreditCardCredit,
        CreditMemo,
        Deposit,
        InventoryAdjustment,
        Invoice,
        ItemReceipt,
        JournalEntry,
        SalesReceipt,
        VendorCredit,
    }
}

words! {
    enum TxnDelType {
        ArRefundCreditCard = "ARRefundCreditCard",
        Bill,
        BillPaymentCheck,
        BillPaymentCreditCard,
        BuildAssembly,
        Charge,
        Check,
        CreditCardCharge,
        CreditCardCredit,
        CreditMemo,
        Deposit,
        Estimate,
        InventoryAdjustment,
        Invoice,
        ItemReceipt,
        JournalEntry,
        PurchaseOrder,
        ReceivePayment,
        SalesOrder,
        SalesReceipt,
        SalesTaxPaymentCheck,
        TimeTracking,
        TransferInventory,
        VehicleMileage,
        VendorCredit,
    }
}

words! {
    enum ListDelType {
        Account,
        BillingRate,
        Class,
        Currency,
        Customer,
        CustomerMsg,
        CustomerType,
        DateDrivenTerms,
        Employee,
        InventorySite,
        ItemDiscount,
        ItemFixedAsset,
        ItemGroup,
        ItemInventory,
        ItemInventoryAssembly,
        ItemNonInventory,
        ItemOtherCharge,
        ItemPayment,
        ItemSalesTax,
        ItemSalesTaxGroup,
        ItemService,
        ItemSubtotal,
        JobType,
        OtherName,
        PaymentMethod,
        PayrollItemNonWage,
        PayrollItemWage,
        PriceLevel,
        SalesRep,
        SalesTaxCode,
        ShipMethod,
        StandardTerms,
        ToDo,
        UnitOfMeasureSet,
        Vehicle,
        Vendor,
        VendorType,
        WorkersCompCode,
    }
}
