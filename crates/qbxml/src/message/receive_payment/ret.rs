use crate::aggregate;
use crate::message::data_ext::DataExtRet;
use crate::message::txn::{LinkedTxn, TxnType};
use crate::value::{Amount, Date, DateTime, EditSequence, ExchangeRate, Guid, Line, Ref, Text, TxnId};

aggregate! {
    struct ReceivePaymentRet {
        txn_id: TxnId = "TxnID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        customer_ref: Option<Ref<209>> = "CustomerRef",
        ar_account_ref: Option<Ref<159>> = "ARAccountRef",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<20>> = "RefNumber",
        total_amount: Option<Amount> = "TotalAmount",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate",
        total_amount_in_home_currency: Option<Amount> = "TotalAmountInHomeCurrency",
        payment_method_ref: Option<Ref<31>> = "PaymentMethodRef",
        memo: Option<Text<4095>> = "Memo",
        deposit_to_account_ref: Option<Ref<159>> = "DepositToAccountRef",
        unused_payment: Option<Amount> = "UnusedPayment",
        unused_credits: Option<Amount> = "UnusedCredits",
        external_guid: Option<Guid> = "ExternalGUID",
        applied_to_txn_ret: Vec<AppliedToTxnRet> = "AppliedToTxnRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

aggregate! {
    struct AppliedToTxnRet {
        txn_id: TxnId = "TxnID",
        txn_type: TxnType = "TxnType",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<20>> = "RefNumber",
        balance_remaining: Option<Amount> = "BalanceRemaining",
        amount: Option<Amount> = "Amount",
        discount_amount: Option<Amount> = "DiscountAmount",
        discount_account_ref: Option<Ref<159>> = "DiscountAccountRef",
        discount_class_ref: Option<Ref<159>> = "DiscountClassRef",
        linked_txn: Vec<LinkedTxn> = "LinkedTxn",
    }
}
