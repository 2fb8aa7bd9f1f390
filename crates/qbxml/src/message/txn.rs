//! What transactions of all kinds are made of (qbxml.md section 10).

use crate::value::{Amount, Date, Line, Percent, Price, Ref, TxnId, TxnIdOrMacro, TxnLineId};
use crate::{aggregate, choice, words};

choice! {
    /// What one costs, or how much of the total so far.
    enum Rate {
        Rate(Price) = "Rate",
        RatePercent(Percent) = "RatePercent",
        PriceLevelRef(Ref<31>) = "PriceLevelRef",
    }
}

choice! {
    /// What one cost, in an answer.
    enum RateRet {
        Rate(Price) = "Rate",
        RatePercent(Percent) = "RatePercent",
    }
}

choice! {
    enum SerialOrLot {
        SerialNumber(Line<4095>) = "SerialNumber",
        LotNumber(Line<40>) = "LotNumber",
    }
}

words! {
    enum OptionForPriceRuleConflict {
        Zero,
        BasePrice,
    }
}

aggregate! {
    /// Applies a credit that the customer has already.
    struct SetCredit {
        credit_txn_id: TxnIdOrMacro = "CreditTxnID",
        applied_amount: Amount = "AppliedAmount",
        overrides: Option<bool> = "Override",
    }
}

aggregate! {
    struct LinkToTxn {
        txn_id: TxnId = "TxnID",
        txn_line_id: TxnLineId = "TxnLineID",
    }
}

aggregate! {
    struct LinkedTxn {
        txn_id: TxnId = "TxnID",
        txn_type: TxnType = "TxnType",
        txn_date: Date = "TxnDate",
        ref_number: Option<Line<20>> = "RefNumber",
        link_type: Option<LinkType> = "LinkType",
        amount: Amount = "Amount",
    }
}

words! {
    enum TxnType {
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
        LiabilityAdjustment,
        Paycheck,
        PayrollLiabilityCheck,
        PurchaseOrder,
        ReceivePayment,
        SalesOrder,
        SalesReceipt,
        SalesTaxPaymentCheck,
        Transfer,
        VendorCredit,
        YtdAdjustment = "YTDAdjustment",
    }
}

words! {
    enum LinkType {
        AmtType = "AMTTYPE",
        QuanType = "QUANTYPE",
    }
}
