use super::ReceivePaymentRet;
use crate::element::OneOrMore;
use crate::message::error_recovery::ErrorRecovery;
use crate::message::txn::SetCredit;
use crate::value::{Amount, Date, Defined, EditSequence, ExchangeRate, Guid, Line, Ref, Text, TxnId, TxnIdOrMacro};
use crate::{aggregate, choice};

aggregate! {
    struct ReceivePaymentAddRq {
        receive_payment_add: Defined<ReceivePaymentAdd> = "ReceivePaymentAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ReceivePaymentAddRs {
        receive_payment_ret: Option<ReceivePaymentRet> = "ReceivePaymentRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct ReceivePaymentAdd {
        customer_ref: Ref<209> = "CustomerRef",
        ar_account_ref: Option<Ref<159>> = "ARAccountRef",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<20>> = "RefNumber",
        total_amount: Option<Amount> = "TotalAmount",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate",
        payment_method_ref: Option<Ref<31>> = "PaymentMethodRef",
        memo: Option<Text<4095>> = "Memo",
        deposit_to_account_ref: Option<Ref<159>> = "DepositToAccountRef",
        external_guid: Option<Guid> = "ExternalGUID",
        apply: Apply = part,
    }
}

choice! {
    /// What a payment pays. `IsAutoApply(false)` takes the money without applying it; `true` applies it to a transaction that is
    /// open with the same amount, or else to the oldest first (qbxml.md section 10.4).
    enum Apply {
        IsAutoApply(bool) = "IsAutoApply",
        AppliedToTxns(OneOrMore<AppliedToTxnAdd>) = "AppliedToTxnAdd",
    }
}

aggregate! {
    /// Has no effect without a payment amount, a credit or a discount.
    struct AppliedToTxnAdd {
        txn_id: TxnIdOrMacro = "TxnID",
        payment_amount: Option<Amount> = "PaymentAmount",
        set_credit: Vec<SetCredit> = "SetCredit",
        discount_amount: Option<Amount> = "DiscountAmount",
        discount_account_ref: Option<Ref<159>> = "DiscountAccountRef",
        discount_class_ref: Option<Ref<159>> = "DiscountClassRef",
    }
}

aggregate! {
    struct ReceivePaymentModRq {
        receive_payment_mod: ReceivePaymentMod = "ReceivePaymentMod",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ReceivePaymentModRs {
        receive_payment_ret: Option<ReceivePaymentRet> = "ReceivePaymentRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    /// What it applies to replaces what it was applied to before.
    struct ReceivePaymentMod {
        txn_id: TxnId = "TxnID",
        edit_sequence: EditSequence = "EditSequence",
        customer_ref: Option<Ref<209>> = "CustomerRef",
        ar_account_ref: Option<Ref<159>> = "ARAccountRef",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<20>> = "RefNumber",
        total_amount: Option<Amount> = "TotalAmount",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate",
        payment_method_ref: Option<Ref<31>> = "PaymentMethodRef",
        memo: Option<Text<4095>> = "Memo",
        deposit_to_account_ref: Option<Ref<159>> = "DepositToAccountRef",
        applied_to_txn_mod: Vec<AppliedToTxnMod> = "AppliedToTxnMod",
    }
}

aggregate! {
    struct AppliedToTxnMod {
        txn_id: TxnId = "TxnID",
        payment_amount: Option<Amount> = "PaymentAmount",
        set_credit: Vec<SetCredit> = "SetCredit",
        discount_amount: Option<Amount> = "DiscountAmount",
        discount_account_ref: Option<Ref<159>> = "DiscountAccountRef",
        discount_class_ref: Option<Ref<159>> = "DiscountClassRef",
    }
}
