//! Whatever is added, changed, voided and deleted: balances are the sums of what is open.

use proptest::prelude::*;

use crate::desk::Desk;
use crate::documents::{invoice, line};
use crate::payments::payment;

#[derive(Debug, Clone)]
enum Step {
    Invoice { cents: u32 },
    Credit { cents: u32 },
    Payment { cents: u32 },
    Change { which: usize, cents: u32 },
    Void { which: usize },
    Delete { which: usize, kind: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1_u32..50_000).prop_map(|cents| Step::Invoice { cents }),
        1 => (1_u32..50_000).prop_map(|cents| Step::Credit { cents }),
        4 => (1_u32..80_000).prop_map(|cents| Step::Payment { cents }),
        2 => (any::<usize>(), 1_u32..50_000).prop_map(|(which, cents)| Step::Change { which, cents }),
        1 => any::<usize>().prop_map(|which| Step::Void { which }),
        1 => (any::<usize>(), 0_usize..3).prop_map(|(which, kind)| Step::Delete { which, kind }),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn balances_are_the_sums_of_what_is_open(steps in steps()) {
        let mut desk = Desk::new();
        let mut invoices: Vec<String> = Vec::new();
        for step in steps {
            take(&mut desk, &mut invoices, step);
            check(&mut desk);
        }
    }
}

fn amount(cents: u32) -> String {
    format!("<Amount>{}.{:02}</Amount>", cents / 100, cents % 100)
}

fn take(desk: &mut Desk, invoices: &mut Vec<String>, step: Step) {
    let chosen = |which: usize| (!invoices.is_empty()).then(|| invoices[which % invoices.len()].clone());
    match step {
        Step::Invoice { cents } => {
            let rs = desk.ok(&invoice("", &line("Glass", &amount(cents))));
            invoices.push(rs.text("InvoiceRet/TxnID").to_owned());
        }
        Step::Credit { cents } => {
            let line = line("Glass", &amount(cents)).replace("Invoice", "CreditMemo");
            desk.ok(&format!("<CreditMemoAddRq><CreditMemoAdd><CustomerRef><FullName>Anna</FullName></CustomerRef>{line}</CreditMemoAdd></CreditMemoAddRq>"));
        }
        Step::Payment { cents } => {
            let total = format!("{}.{:02}", cents / 100, cents % 100);
            desk.ok(&payment(&total, "<IsAutoApply>true</IsAutoApply>"));
        }
        Step::Change { which, cents } => {
            let Some(id) = chosen(which) else { return };
            let rs = desk.ask(&format!(
                "<InvoiceQueryRq><TxnID>{id}</TxnID><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>"
            ));
            let Some(edit) = rs.texts("InvoiceRet/EditSequence").first().copied() else { return };
            let line_id = rs.text("InvoiceRet/InvoiceLineRet/TxnLineID");
            desk.ok(&format!(
                "<InvoiceModRq><InvoiceMod><TxnID>{id}</TxnID><EditSequence>{edit}</EditSequence><InvoiceLineMod>\
                 <TxnLineID>{line_id}</TxnLineID>{}</InvoiceLineMod></InvoiceMod></InvoiceModRq>",
                amount(cents)
            ));
        }
        Step::Void { which } => {
            let Some(id) = chosen(which) else { return };
            desk.ask(&format!("<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{id}</TxnID></TxnVoidRq>"));
        }
        Step::Delete { which, kind } => {
            let word = ["Invoice", "ReceivePayment", "CreditMemo"][kind];
            let found = desk.ask(&format!("<{word}QueryRq/>"));
            let ids = found.texts(&format!("{word}Ret/TxnID"));
            if !ids.is_empty() {
                let id = ids[which % ids.len()].to_owned();
                desk.ok(&format!("<TxnDelRq><TxnDelType>{word}</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>"));
            }
        }
    }
}

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

fn check(desk: &mut Desk) {
    let sum = |desk: &mut Desk, word: &str, element: &str| -> i64 {
        let rs = desk.ask(&format!("<{word}QueryRq/>"));
        let amounts: Vec<i64> = rs.texts(&format!("{word}Ret/{element}")).into_iter().map(cents).collect();
        assert!(amounts.iter().all(|amount| *amount >= 0), "{word}: {amounts:?}");
        amounts.iter().sum()
    };
    let owed = sum(desk, "Invoice", "BalanceRemaining");
    let unused = sum(desk, "ReceivePayment", "UnusedPayment") + sum(desk, "CreditMemo", "CreditRemaining");
    let customer = desk.ok("<CustomerQueryRq><FullName>Anna</FullName></CustomerQueryRq>");
    assert_eq!(cents(customer.text("CustomerRet/TotalBalance")), owed - unused);
    assert_eq!(cents(&desk.file.report().balance), owed - unused);
}
