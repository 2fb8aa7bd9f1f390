use crate::desk::Desk;
use crate::documents::{dated, invoice, line};

/// A ReceivePaymentAdd of Anna's.
pub(crate) fn payment(total: &str, rest: &str) -> String {
    format!(
        "<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef><FullName>Anna</FullName></CustomerRef>\
         <TotalAmount>{total}</TotalAmount>{rest}</ReceivePaymentAdd></ReceivePaymentAddRq>"
    )
}

pub(crate) fn applied(txn_id: &str, amount: &str) -> String {
    format!("<AppliedToTxnAdd><TxnID>{txn_id}</TxnID><PaymentAmount>{amount}</PaymentAmount></AppliedToTxnAdd>")
}

/// Adds an invoice of 108.00 and gives its TxnID.
fn owed(desk: &mut Desk, date: &str) -> String {
    desk.ok(&invoice(&dated(date), &line("Glass", ""))).text("InvoiceRet/TxnID").to_owned()
}

fn open(desk: &mut Desk, txn_id: &str) -> String {
    let query = format!("<InvoiceQueryRq><TxnID>{txn_id}</TxnID></InvoiceQueryRq>");
    desk.ok(&query).text("InvoiceRet/BalanceRemaining").to_owned()
}

fn balance(desk: &mut Desk) -> String {
    desk.ok("<CustomerQueryRq><FullName>Anna</FullName></CustomerQueryRq>").text("CustomerRet/TotalBalance").to_owned()
}

#[test]
fn a_payment_pays_its_invoice_and_keeps_the_rest() {
    let mut desk = Desk::new();
    let id = owed(&mut desk, "2026-11-02");
    let rs = desk.ok(&payment("110.00", &applied(&id, "108.00")));
    assert_eq!(rs.text("ReceivePaymentRet/UnusedPayment"), "2.00");
    assert_eq!(rs.text("ReceivePaymentRet/DepositToAccountRef/FullName"), "Undeposited Funds");
    assert_eq!(rs.text("ReceivePaymentRet/AppliedToTxnRet/BalanceRemaining"), "0.00");
    let query =
        format!("<InvoiceQueryRq><TxnID>{id}</TxnID><IncludeLinkedTxns>true</IncludeLinkedTxns></InvoiceQueryRq>");
    let paid = desk.ok(&query);
    assert_eq!((paid.text("InvoiceRet/IsPaid"), paid.text("InvoiceRet/AppliedAmount")), ("true", "-108.00"));
    assert_eq!(paid.text("InvoiceRet/LinkedTxn/TxnType"), "ReceivePayment");
    assert_eq!(balance(&mut desk), "-2.00");
}

#[test]
fn each_rule_has_its_status() {
    let mut desk = Desk::new();
    desk.ok("<CustomerAddRq><CustomerAdd><Name>Bert</Name></CustomerAdd></CustomerAddRq>");
    let id = owed(&mut desk, "2026-11-02");
    let bert = |request: String| request.replace("Anna", "Bert");
    let cases: [(i32, String, &str); 9] = [
        (3210, payment("200.00", &applied(&id, "108.01")), "You cannot pay more than the amount due."),
        (3210, payment("50.00", &applied(&id, "50.01")), "more than the amount of the payment"),
        (3120, payment("50.00", &applied("9-9", "50.00")), "9-9"),
        (3120, bert(payment("50.00", &applied(&id, "50.00"))), &id),
        (3177, payment("50.00", &[applied(&id, "1.00"), applied(&id, "1.00")].concat()), &id),
        (3180, payment("0.00", "<IsAutoApply>false</IsAutoApply>"), "empty"),
        (3210, payment("-1.00", "<IsAutoApply>false</IsAutoApply>"), "negative"),
        (
            3140,
            payment(
                "1.00",
                "<PaymentMethodRef><FullName>Shells</FullName></PaymentMethodRef><IsAutoApply>false</IsAutoApply>",
            ),
            "Payment Method \"Shells\"",
        ),
        (
            3141,
            payment(
                "1.00",
                "<DepositToAccountRef><FullName>Services</FullName></DepositToAccountRef><IsAutoApply>false</IsAutoApply>",
            ),
            "Services",
        ),
    ];
    for (code, request, part) in cases {
        let rs = desk.ask(&request);
        assert_eq!((rs.code, rs.message.contains(part)), (code, true), "{request}: {} {}", rs.code, rs.message);
    }
    assert_eq!((open(&mut desk, &id), balance(&mut desk)), ("108.00".to_owned(), "108.00".to_owned()));
}

#[test]
fn money_is_applied_to_the_matching_or_the_oldest() {
    let mut desk = Desk::new();
    let newest = owed(&mut desk, "2026-11-02");
    let oldest = owed(&mut desk, "2026-10-02");
    let exact = desk
        .ok(&invoice(&dated("2026-11-03"), &line("Labor", "<Amount>40.00</Amount>")))
        .text("InvoiceRet/TxnID")
        .to_owned();
    let auto = "<IsAutoApply>true</IsAutoApply>";
    desk.ok(&payment("40.00", auto));
    assert_eq!(open(&mut desk, &exact), "0.00");
    desk.ok(&payment("120.00", auto));
    assert_eq!((open(&mut desk, &oldest), open(&mut desk, &newest)), ("0.00".to_owned(), "96.00".to_owned()));
    let rs = desk.ok(&payment("5.00", "<IsAutoApply>false</IsAutoApply>"));
    assert_eq!(rs.text("ReceivePaymentRet/UnusedPayment"), "5.00");
}

#[test]
fn an_invoice_of_the_same_set_is_paid_by_its_macro() {
    let mut desk = Desk::new();
    let add = invoice("", &line("Glass", "")).replace("<InvoiceAdd>", "<InvoiceAdd defMacro=\"TxnID:a\">");
    let pay = |name: &str| {
        payment(
            "108.00",
            "<AppliedToTxnAdd><TxnID useMacro=\"TxnID:a\"/><PaymentAmount>108.00</PaymentAmount></AppliedToTxnAdd>",
        )
        .replace("TxnID:a", name)
    };
    let codes: Vec<i32> = desk
        .send("onError=\"continueOnError\"", &[pay("TxnID:a"), add, pay("TxnID:a"), pay("TxnID:b")].concat())
        .iter()
        .map(|rs| rs.code)
        .collect();
    assert_eq!(codes, [9100, 0, 0, 9100]);
    assert_eq!(balance(&mut desk), "0.00");
    assert_eq!(desk.ask(&pay("TxnID:a")).code, 9100, "a macro ends with its set");
}

#[test]
fn a_credit_memo_pays_without_money() {
    let mut desk = Desk::new();
    let id = owed(&mut desk, "2026-11-02");
    let memo = "<CreditMemoAddRq><CreditMemoAdd><CustomerRef><FullName>Anna</FullName></CustomerRef><CreditMemoLineAdd><ItemRef><FullName>Labor</FullName></ItemRef><Amount>30.00</Amount></CreditMemoLineAdd></CreditMemoAdd></CreditMemoAddRq>";
    let memo = desk.ok(memo).text("CreditMemoRet/TxnID").to_owned();
    let credit = |amount: &str| {
        payment(
            "0.00",
            &format!(
                "<AppliedToTxnAdd><TxnID>{id}</TxnID><SetCredit><CreditTxnID>{memo}</CreditTxnID><AppliedAmount>{amount}</AppliedAmount></SetCredit></AppliedToTxnAdd>"
            ),
        )
    };
    assert_eq!(desk.ask(&credit("30.01")).code, 3210);
    let rs = desk.ok(&credit("30.00"));
    assert!(rs.texts("ReceivePaymentRet/TxnID").is_empty(), "only links are made");
    assert_eq!((open(&mut desk, &id), balance(&mut desk)), ("78.00".to_owned(), "78.00".to_owned()));
    let query = format!("<CreditMemoQueryRq><TxnID>{memo}</TxnID></CreditMemoQueryRq>");
    assert_eq!(desk.ok(&query).text("CreditMemoRet/CreditRemaining"), "0.00");
}

#[test]
fn a_discount_takes_off_what_is_owed() {
    let mut desk = Desk::new();
    let id = owed(&mut desk, "2026-11-02");
    let apply = |rest: &str| {
        payment(
            "100.00",
            &format!(
                "<AppliedToTxnAdd><TxnID>{id}</TxnID><PaymentAmount>100.00</PaymentAmount><DiscountAmount>8.00</DiscountAmount>{rest}</AppliedToTxnAdd>"
            ),
        )
    };
    assert_eq!(desk.ask(&apply("")).code, 3150);
    let rs = desk.ok(&apply("<DiscountAccountRef><FullName>Sales Discounts</FullName></DiscountAccountRef>"));
    assert_eq!(rs.text("ReceivePaymentRet/AppliedToTxnRet/DiscountAccountRef/FullName"), "Sales Discounts");
    assert_eq!((open(&mut desk, &id), balance(&mut desk)), ("0.00".to_owned(), "0.00".to_owned()));
}

#[test]
fn a_changed_payment_moves_its_money_and_a_deleted_one_frees_the_invoice() {
    let mut desk = Desk::new();
    let (first, second) = (owed(&mut desk, "2026-11-01"), owed(&mut desk, "2026-11-02"));
    let rs = desk.ok(&payment("108.00", &applied(&first, "108.00")));
    let id = rs.text("ReceivePaymentRet/TxnID").to_owned();
    let edit = rs.text("ReceivePaymentRet/EditSequence").to_owned();
    let modify = |rest: &str| {
        format!(
            "<ReceivePaymentModRq><ReceivePaymentMod><TxnID>{id}</TxnID><EditSequence>{edit}</EditSequence>{rest}</ReceivePaymentMod></ReceivePaymentModRq>"
        )
    };
    assert_eq!(desk.ask(&modify("<TotalAmount>100.00</TotalAmount>")).code, 3210);
    let moved = applied(&second, "58.00").replace("TxnAdd", "TxnMod");
    desk.ok(&modify(&moved));
    assert_eq!((open(&mut desk, &first), open(&mut desk, &second)), ("108.00".to_owned(), "50.00".to_owned()));
    desk.ok(&format!("<TxnDelRq><TxnDelType>ReceivePayment</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>"));
    assert_eq!((open(&mut desk, &second), balance(&mut desk)), ("108.00".to_owned(), "216.00".to_owned()));
}

#[test]
fn a_parent_pays_for_its_job() {
    let mut desk = Desk::new();
    desk.ok("<CustomerAddRq><CustomerAdd><Name>House</Name><ParentRef><FullName>Anna</FullName></ParentRef></CustomerAdd></CustomerAddRq>");
    let id =
        desk.ok(&invoice("", &line("Glass", "")).replace(">Anna<", ">Anna:House<")).text("InvoiceRet/TxnID").to_owned();
    let anna = desk.ok("<CustomerQueryRq><FullName>Anna</FullName></CustomerQueryRq>");
    assert_eq!((anna.text("CustomerRet/Balance"), anna.text("CustomerRet/TotalBalance")), ("0.00", "108.00"));
    desk.ok(&payment("108.00", &applied(&id, "108.00")));
    assert_eq!(balance(&mut desk), "0.00");
}
