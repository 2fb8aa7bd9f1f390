//! Transactions.

use bookferry_qbxml::message::credit_memo::*;
use bookferry_qbxml::message::invoice::*;
use bookferry_qbxml::message::receive_payment::*;
use bookferry_qbxml::message::removal::*;
use bookferry_qbxml::message::select::{Entries, EntryFilter};
use bookferry_qbxml::message::txn::{LinkType, LinkedTxn, Rate, RateRet, SetCredit, TxnType};
use bookferry_qbxml::message::txn_select::{Period, TxnDateRange, TxnDateRangeFilter, TxnDates, TxnSelect};
use bookferry_qbxml::message_set::{Answer, Request};
use bookferry_qbxml::value::{Defined, MacroName, TxnIdOrMacro, TxnLineId};

use crate::Pair;
use crate::pieces::{
    address, address_block, amount, day, edit_sequence, entry, known, line, one, percent, price, quantity, recovery,
    text, time, txn_id, txn_line_id,
};

pub(crate) fn pairs() -> Vec<Pair> {
    [invoices(), payments(), credit_memos(), removals()].concat()
}

fn invoice_add() -> InvoiceAdd {
    let glass = InvoiceLineAdd {
        item_ref: Some(entry("Glass:Windshield FW02717")),
        desc: Some(text("Windshield\nwith sensor mount")),
        quantity: Some(quantity("1")),
        rate: Some(Rate::Rate(price("250"))),
        sales_tax_code_ref: Some(entry("Tax")),
        ..InvoiceLineAdd::default()
    };
    let remark = InvoiceLineAdd { desc: Some(text("Thank you")), ..InvoiceLineAdd::default() };
    let kit = InvoiceLineGroupAdd { quantity: Some(quantity("2")), ..InvoiceLineGroupAdd::new(entry("Seal kit")) };
    InvoiceAdd {
        txn_date: Some(day("2026-11-02")),
        ref_number: Some(line("1042")),
        bill_address: Some(address()),
        po_number: Some(line("PO 7")),
        terms_ref: Some(entry("Net 30")),
        due_date: Some(day("2026-12-02")),
        item_sales_tax_ref: Some(entry("State Tax")),
        memo: Some(text("inv-1042")),
        lines: vec![InvoiceLine::Line(glass), InvoiceLine::Group(kit), InvoiceLine::Line(remark)],
        ..InvoiceAdd::new(entry("M\u{fc}ller Auto & Glass"))
    }
}

fn invoice_ret() -> InvoiceRet {
    let glass = InvoiceLineRet {
        item_ref: Some(known("Glass:Windshield FW02717")),
        quantity: Some(quantity("1")),
        rate: Some(RateRet::Rate(price("250"))),
        amount: Some(amount("250.00")),
        ..InvoiceLineRet::new(txn_line_id())
    };
    let kit = InvoiceLineGroupRet {
        invoice_line_ret: vec![glass.clone()],
        ..InvoiceLineGroupRet::new(txn_line_id(), known("Seal kit"), false, amount("250.00"))
    };
    let payment = LinkedTxn {
        ref_number: Some(line("881")),
        link_type: Some(LinkType::AmtType),
        ..LinkedTxn::new(txn_id(), TxnType::ReceivePayment, day("2026-11-05"), amount("-270.00"))
    };
    InvoiceRet {
        time_created: time(),
        time_modified: time(),
        txn_number: Some(17),
        customer_ref: Some(known("M\u{fc}ller Auto & Glass")),
        txn_date: Some(day("2026-11-02")),
        ref_number: Some(line("1042")),
        bill_address_block: Some(address_block()),
        subtotal: Some(amount("250.00")),
        sales_tax_percentage: Some(percent("8")),
        sales_tax_total: Some(amount("20.00")),
        applied_amount: Some(amount("-270.00")),
        balance_remaining: Some(amount("0.00")),
        is_paid: Some(true),
        linked_txn: vec![payment],
        lines: vec![InvoiceRetLine::Line(glass), InvoiceRetLine::Group(kit)],
        ..InvoiceRet::new(txn_id(), edit_sequence())
    }
}

fn invoices() -> Vec<Pair> {
    let def_macro = Some(MacroName::txn("inv-1042").unwrap());
    let add = InvoiceAddRq::new(Defined { def_macro, body: invoice_add() });
    let kept = InvoiceLineMod { amount: Some(amount("240.00")), ..InvoiceLineMod::new(txn_line_id()) };
    let new = InvoiceLineMod { item_ref: Some(entry("Fitting")), ..InvoiceLineMod::new(TxnLineId::new_line()) };
    let group = InvoiceLineGroupMod::new(txn_line_id());
    let change = InvoiceMod {
        memo: Some(text("")),
        lines: vec![InvoiceModLine::Line(kept), InvoiceModLine::Group(group), InvoiceModLine::Line(new)],
        ..InvoiceMod::new(txn_id(), edit_sequence())
    };
    let dates = TxnDates { from_txn_date: Some(day("2026-11-01")), to_txn_date: None };
    let filter = InvoiceFilter {
        max_returned: Some(50),
        period: Some(Period::Dated(TxnDateRangeFilter { range: Some(TxnDateRange::Between(dates)) })),
        entity_filter: Some(EntryFilter::new(Entries::FullNameWithChildren(line("M\u{fc}ller Auto & Glass")))),
        paid_status: Some(PaidStatus::NotPaidOnly),
        ..InvoiceFilter::default()
    };
    let query = InvoiceQueryRq {
        select: Some(InvoiceSelect::Filter(filter)),
        include_line_items: Some(true),
        include_linked_txns: Some(true),
        ..InvoiceQueryRq::default()
    };
    vec![
        (
            Request::InvoiceAdd(Box::new(add)),
            Answer::InvoiceAdd(Box::new(InvoiceAddRs { invoice_ret: Some(invoice_ret()), error_recovery: None })),
        ),
        (
            Request::InvoiceMod(Box::new(InvoiceModRq::new(change))),
            Answer::InvoiceMod(Box::new(InvoiceModRs { invoice_ret: None, error_recovery: recovery() })),
        ),
        (
            Request::InvoiceQuery(Box::new(query)),
            Answer::InvoiceQuery(InvoiceQueryRs { invoice_ret: vec![invoice_ret(), invoice_ret()] }),
        ),
    ]
}

fn payment_ret() -> ReceivePaymentRet {
    let applied = AppliedToTxnRet {
        ref_number: Some(line("1042")),
        balance_remaining: Some(amount("0.00")),
        amount: Some(amount("270.00")),
        ..AppliedToTxnRet::new(txn_id(), TxnType::Invoice)
    };
    ReceivePaymentRet {
        customer_ref: Some(known("M\u{fc}ller Auto & Glass")),
        ref_number: Some(line("881")),
        total_amount: Some(amount("270.00")),
        unused_payment: Some(amount("0.00")),
        applied_to_txn_ret: vec![applied],
        ..ReceivePaymentRet::new(txn_id(), edit_sequence())
    }
}

fn payments() -> Vec<Pair> {
    let invoice = TxnIdOrMacro::Macro(MacroName::txn("inv-1042").unwrap());
    let applied = AppliedToTxnAdd {
        payment_amount: Some(amount("260.00")),
        set_credit: vec![SetCredit::new(txn_id().into(), amount("10.00"))],
        ..AppliedToTxnAdd::new(invoice)
    };
    let add = ReceivePaymentAdd {
        txn_date: Some(day("2026-11-05")),
        ref_number: Some(line("881")),
        total_amount: Some(amount("260.00")),
        payment_method_ref: Some(entry("Check")),
        deposit_to_account_ref: Some(entry("Undeposited Funds")),
        ..ReceivePaymentAdd::new(entry("M\u{fc}ller Auto & Glass"), Apply::AppliedToTxns(one(applied)))
    };
    let kept = AppliedToTxnMod { payment_amount: Some(amount("250.00")), ..AppliedToTxnMod::new(txn_id()) };
    let change =
        ReceivePaymentMod { applied_to_txn_mod: vec![kept], ..ReceivePaymentMod::new(txn_id(), edit_sequence()) };
    let query = ReceivePaymentQueryRq {
        select: Some(TxnSelect::RefNumbers(one(line("881")))),
        ..ReceivePaymentQueryRq::default()
    };
    let added = ReceivePaymentAddRs { receive_payment_ret: Some(payment_ret()), error_recovery: None };
    let changed = ReceivePaymentModRs { receive_payment_ret: Some(payment_ret()), error_recovery: None };
    vec![
        (
            Request::ReceivePaymentAdd(Box::new(ReceivePaymentAddRq::new(add.into()))),
            Answer::ReceivePaymentAdd(Box::new(added)),
        ),
        (
            Request::ReceivePaymentMod(Box::new(ReceivePaymentModRq::new(change))),
            Answer::ReceivePaymentMod(Box::new(changed)),
        ),
        (
            Request::ReceivePaymentQuery(Box::new(query)),
            Answer::ReceivePaymentQuery(ReceivePaymentQueryRs { receive_payment_ret: vec![payment_ret()] }),
        ),
    ]
}

fn credit_memos() -> Vec<Pair> {
    let returned = CreditMemoLineAdd {
        item_ref: Some(entry("Glass:Windshield FW02717")),
        amount: Some(amount("250.00")),
        ..CreditMemoLineAdd::default()
    };
    let add = CreditMemoAdd {
        ref_number: Some(line("C1042")),
        ..CreditMemoAdd::new(entry("M\u{fc}ller Auto & Glass"), one(CreditMemoLine::Line(returned)))
    };
    let line_ret = CreditMemoLineRet { amount: Some(amount("250.00")), ..CreditMemoLineRet::new(txn_line_id()) };
    let ret = CreditMemoRet {
        ref_number: Some(line("C1042")),
        total_amount: Some(amount("270.00")),
        credit_remaining: Some(amount("270.00")),
        lines: vec![CreditMemoRetLine::Line(line_ret)],
        ..CreditMemoRet::new(txn_id(), edit_sequence())
    };
    let query = CreditMemoQueryRq { select: Some(TxnSelect::TxnIds(one(txn_id()))), ..CreditMemoQueryRq::default() };
    let added = CreditMemoAddRs { credit_memo_ret: Some(ret.clone()), error_recovery: None };
    vec![
        (Request::CreditMemoAdd(Box::new(CreditMemoAddRq::new(add.into()))), Answer::CreditMemoAdd(Box::new(added))),
        (
            Request::CreditMemoQuery(Box::new(query)),
            Answer::CreditMemoQuery(CreditMemoQueryRs { credit_memo_ret: vec![ret] }),
        ),
    ]
}

fn removals() -> Vec<Pair> {
    let voided = TxnVoidRs {
        txn_void_type: Some(TxnVoidType::Invoice),
        txn_id: Some(txn_id()),
        time_created: time(),
        time_modified: time(),
        ref_number: Some(line("1042")),
        error_recovery: None,
    };
    let deleted = TxnDelRs {
        txn_del_type: Some(TxnDelType::ReceivePayment),
        txn_id: Some(txn_id()),
        time_deleted: time(),
        ref_number: Some(line("881")),
        error_recovery: None,
    };
    let gone = TxnDeletedRet { time_deleted: time(), ..TxnDeletedRet::new(TxnDelType::Invoice, txn_id()) };
    let mut kinds = one(TxnDelType::Invoice);
    kinds.push(TxnDelType::ReceivePayment);
    vec![
        (Request::TxnVoid(TxnVoidRq::new(TxnVoidType::Invoice, txn_id())), Answer::TxnVoid(Box::new(voided))),
        (Request::TxnDel(TxnDelRq::new(TxnDelType::ReceivePayment, txn_id())), Answer::TxnDel(Box::new(deleted))),
        (
            Request::TxnDeletedQuery(TxnDeletedQueryRq::new(kinds)),
            Answer::TxnDeletedQuery(TxnDeletedQueryRs { txn_deleted_ret: vec![gone] }),
        ),
    ]
}
