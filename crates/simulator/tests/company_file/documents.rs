use crate::desk::Desk;

/// An InvoiceAdd for Anna with these header fields (before the lines) and lines.
pub(crate) fn invoice(header: &str, lines: &str) -> String {
    format!(
        "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>Anna</FullName></CustomerRef>{header}{lines}</InvoiceAdd></InvoiceAddRq>"
    )
}

pub(crate) fn line(item: &str, rest: &str) -> String {
    format!("<InvoiceLineAdd><ItemRef><FullName>{item}</FullName></ItemRef>{rest}</InvoiceLineAdd>")
}

pub(crate) fn dated(date: &str) -> String {
    format!("<TxnDate>{date}</TxnDate>")
}

#[test]
fn quickbooks_computes_lines_and_tax() {
    let mut desk = Desk::new();
    let lines = [
        line("Glass", "<Quantity>3</Quantity><Rate>33.33333</Rate>"),
        line("glass", "<Amount>0.06</Amount>"),
        line("Labor", ""),
        "<InvoiceLineAdd><Desc>Thank you</Desc></InvoiceLineAdd>".to_owned(),
    ];
    let rs = desk.ok(&invoice("<TxnDate>2026-11-02</TxnDate><RefNumber>1042</RefNumber>", &lines.concat()));
    assert_eq!(rs.texts("InvoiceRet/InvoiceLineRet/Amount"), ["100.00", "0.06", "100.00"]);
    assert_eq!(rs.text("InvoiceRet/Subtotal"), "200.06");
    // 8 % of 100.06, rounded on the document.
    assert_eq!((rs.text("InvoiceRet/SalesTaxTotal"), rs.text("InvoiceRet/SalesTaxPercentage")), ("8.00", "8"));
    assert_eq!((rs.text("InvoiceRet/BalanceRemaining"), rs.text("InvoiceRet/IsPaid")), ("208.06", "false"));
    assert_eq!(rs.texts("InvoiceRet/InvoiceLineRet/SalesTaxCodeRef/FullName"), ["Tax", "Tax", "Non"]);
    assert_eq!(rs.text("InvoiceRet/ARAccountRef/FullName"), "Accounts Receivable");
    assert_eq!(rs.text("InvoiceRet/TimeCreated"), "2026-11-02T12:00:00-08:00");
    assert_eq!(rs.text("InvoiceRet/TxnNumber"), "1");
}

#[test]
fn rate_and_amount_together_is_a_warning() {
    let mut desk = Desk::new();
    let rs = desk.ask(&invoice("", &line("Glass", "<Quantity>2</Quantity><Rate>1</Rate><Amount>5.00</Amount>")));
    assert_eq!((rs.code, rs.attribute("statusSeverity")), (530, Some("Warn")));
    assert_eq!((rs.text("InvoiceRet/InvoiceLineRet/Rate"), rs.text("InvoiceRet/Subtotal")), ("2.5", "5.00"));
}

#[test]
fn each_rule_has_its_status() {
    let glass = line("Glass", "");
    let cases: [(i32, String, &str); 12] = [
        (3180, invoice(&dated("2026-11-02"), ""), "empty"),
        (3140, invoice("", &line("Putty", "")), "QuickBooks Item \"Putty\""),
        (3140, invoice("", &glass).replace("Anna", "Nobody"), "QuickBooks Customer \"Nobody\""),
        (3140, invoice("<TermsRef><FullName>Net 7</FullName></TermsRef>", &glass), "QuickBooks Terms \"Net 7\""),
        (3250, invoice("<ClassRef><FullName>East</FullName></ClassRef>", &glass), "class"),
        (3141, invoice("<ARAccountRef><FullName>Checking</FullName></ARAccountRef>", &glass), "Checking"),
        (3120, invoice("<LinkToTxnID>1-1</LinkToTxnID>", &glass), "1-1"),
        (3177, invoice("<LinkToTxnID>1-1</LinkToTxnID><LinkToTxnID>1-1</LinkToTxnID>", &glass), "1-1"),
        (3171, invoice(&dated("2025-12-31"), &glass), "closing date"),
        (3210, invoice("<IsToBeEmailed>true</IsToBeEmailed>", &glass), "e-mail"),
        (
            3205,
            invoice(
                "<BillAddress><Addr1>1</Addr1><Addr2>2</Addr2><Addr3>3</Addr3><Addr4>4</Addr4><Addr5>5</Addr5><City>6</City></BillAddress>",
                &glass,
            ),
            "five lines",
        ),
        (3101, invoice("", &line("Glass", "<Quantity>9999999999</Quantity><Rate>9999999999</Rate>")), "too large"),
    ];
    let mut desk = Desk::new();
    desk.file.change_company(|company| company.closing_date = Some("2025-12-31".parse().unwrap())).unwrap();
    for (code, request, part) in cases {
        let rs = desk.ask(&request);
        assert_eq!((rs.code, rs.message.contains(part)), (code, true), "{request}: {} {}", rs.code, rs.message);
    }
    assert!(desk.file.report().transactions.is_empty(), "a refused request leaves nothing behind");
}

#[test]
fn numbers_may_repeat_and_go_on_where_they_are_left_out() {
    let mut desk = Desk::new();
    for _ in 0..2 {
        desk.ok(&invoice("<RefNumber>77</RefNumber>", &line("Glass", "")));
    }
    assert_eq!(desk.ok(&invoice("", &line("Glass", ""))).text("InvoiceRet/RefNumber"), "78");
    assert!(desk.ok(&invoice("<RefNumber/>", &line("Glass", ""))).texts("InvoiceRet/RefNumber").is_empty());
    assert_eq!(desk.file.report().duplicates.len(), 1);
}

#[test]
fn a_customer_who_is_free_of_tax_pays_none() {
    let mut desk = Desk::new();
    let non = "<SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef>";
    desk.file.change_entry("Customer", "Anna", non, desk.now).unwrap();
    let rs = desk.ok(&invoice("", &line("Glass", "<SalesTaxCodeRef><FullName>Tax</FullName></SalesTaxCodeRef>")));
    assert_eq!(rs.text("InvoiceRet/SalesTaxTotal"), "0.00");
}

#[test]
fn a_tax_group_adds_its_rates_and_no_sales_tax_means_none() {
    let mut desk = Desk::new();
    desk.file.add_entry("ItemSalesTax", "<Name>County</Name><TaxRate>0.25</TaxRate>", desk.now).unwrap();
    let members = "<Name>Both</Name><ItemSalesTaxRef><FullName>State Tax</FullName></ItemSalesTaxRef>\
                   <ItemSalesTaxRef><FullName>County</FullName></ItemSalesTaxRef>";
    desk.file.add_entry("ItemSalesTaxGroup", members, desk.now).unwrap();
    let both = "<ItemSalesTaxRef><FullName>Both</FullName></ItemSalesTaxRef>";
    assert_eq!(
        desk.ok(&invoice(both, &line("Glass", "<Amount>100.50</Amount>"))).text("InvoiceRet/SalesTaxTotal"),
        "8.29"
    );
    desk.file.change_company(|company| company.charges_sales_tax = false).unwrap();
    assert_eq!(desk.ask(&invoice(both, &line("Glass", ""))).code, 3250);
    let rs = desk.ok(&invoice("", &line("Glass", "")));
    assert_eq!((rs.text("InvoiceRet/BalanceRemaining"), rs.texts("InvoiceRet/SalesTaxTotal").len()), ("100.00", 0));
}

#[test]
fn a_mod_keeps_adds_and_drops_lines_in_their_order() {
    let mut desk = Desk::new();
    let added = desk.ok(&invoice(
        "<RefNumber>1</RefNumber><Memo>old</Memo>",
        &[line("Glass", "<Quantity>2</Quantity><Rate>33.33333</Rate>"), line("Labor", ""), line("Labor", "")].concat(),
    ));
    let ids: Vec<String> = added.texts("InvoiceRet/InvoiceLineRet/TxnLineID").into_iter().map(str::to_owned).collect();
    let key = |rs: &crate::desk::Rs| {
        format!(
            "<TxnID>{}</TxnID><EditSequence>{}</EditSequence>",
            rs.text("InvoiceRet/TxnID"),
            rs.text("InvoiceRet/EditSequence")
        )
    };
    let modify = |key: &str, rest: &str| format!("<InvoiceModRq><InvoiceMod>{key}{rest}</InvoiceMod></InvoiceModRq>");
    let kept = |id: &str, rest: &str| format!("<InvoiceLineMod><TxnLineID>{id}</TxnLineID>{rest}</InvoiceLineMod>");
    let first = key(&added);

    let swapped = [kept(&ids[1], ""), kept(&ids[0], "")].concat();
    assert_eq!(desk.ask(&modify(&first, &swapped)).code, 3290);
    assert_eq!(desk.ask(&modify(&first, &kept("99-99", ""))).code, 3290);

    let new = kept("-1", "<ItemRef><FullName>Glass</FullName></ItemRef><Amount>1.00</Amount>");
    let changed =
        desk.ok(&modify(&first, &["<Memo/>", &kept(&ids[0], ""), &new, &kept(&ids[2], "<Desc>kept</Desc>")].concat()));
    assert_eq!(changed.texts("InvoiceRet/InvoiceLineRet/Amount"), ["66.67", "1.00", "100.00"]);
    assert_eq!(changed.texts("InvoiceRet/InvoiceLineRet/Rate")[0], "33.33333");
    assert_eq!(changed.texts("InvoiceRet/Memo").len(), 0);
    assert_eq!(changed.text("InvoiceRet/RefNumber"), "1");
    let now: Vec<&str> = changed.texts("InvoiceRet/InvoiceLineRet/TxnLineID");
    assert_eq!((now[0], now[2]), (ids[0].as_str(), ids[2].as_str()));

    assert_eq!(desk.ask(&modify(&first, "<Memo>late</Memo>")).code, 3200);
    let untouched = desk.ok(&modify(&key(&changed), "<Memo>new</Memo>"));
    assert_eq!(untouched.texts("InvoiceRet/InvoiceLineRet/Amount"), ["66.67", "1.00", "100.00"]);
}

#[test]
fn what_is_voided_stays_with_nothing_and_what_is_deleted_leaves_a_trace() {
    let mut desk = Desk::new();
    let added = desk.ok(&invoice("<RefNumber>5</RefNumber>", &line("Glass", "")));
    let id = added.text("InvoiceRet/TxnID").to_owned();
    desk.ok(&format!("<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{id}</TxnID></TxnVoidRq>"));
    let query =
        format!("<InvoiceQueryRq><TxnID>{id}</TxnID><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>");
    let voided = desk.ok(&query);
    assert_eq!((voided.text("InvoiceRet/BalanceRemaining"), voided.text("InvoiceRet/Memo")), ("0.00", "VOID:"));
    let delete = format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>");
    assert_eq!(desk.ok(&delete).text("RefNumber"), "5");
    assert_eq!(desk.ask(&delete).code, 3120);
    let deleted = "<TxnDeletedQueryRq><TxnDelType>Invoice</TxnDelType></TxnDeletedQueryRq>";
    assert_eq!(desk.ok(deleted).text("TxnDeletedRet/TxnID"), id);
    desk.now = "2027-02-05T20:00:00Z".parse().unwrap();
    assert_eq!(desk.ask(deleted).code, 1, "after 90 days there is no trace left");
}

#[test]
fn what_quickbooks_cannot_store_becomes_question_marks() {
    let mut desk = Desk::new();
    let rs = desk.ok(&invoice("<Memo>M&#252;ller &#8364; &#26085;</Memo>", &line("Glass", "")));
    assert_eq!(rs.text("InvoiceRet/Memo"), "M\u{fc}ller ? ?");
}

#[test]
fn discounts_subtotals_and_groups() {
    let mut desk = Desk::new();
    let account = "<AccountRef><FullName>Sales Discounts</FullName></AccountRef>";
    desk.file
        .add_entry(
            "ItemDiscount",
            &format!("<Name>Ten</Name><DiscountRatePercent>10</DiscountRatePercent>{account}"),
            desk.now,
        )
        .unwrap();
    desk.file.add_entry("ItemSubtotal", "<Name>Sum</Name>", desk.now).unwrap();
    let member = |item: &str, quantity: u32| {
        format!(
            "<ItemGroupLine><ItemRef><FullName>{item}</FullName></ItemRef><Quantity>{quantity}</Quantity></ItemGroupLine>"
        )
    };
    desk.file
        .add_entry("ItemGroup", &format!("<Name>Kit</Name>{}{}", member("Glass", 2), member("Labor", 1)), desk.now)
        .unwrap();
    let lines = [line("Glass", ""), line("Labor", ""), line("Sum", ""), line("Ten", "")];
    let rs = desk.ok(&invoice("", &lines.concat()));
    assert_eq!(rs.texts("InvoiceRet/InvoiceLineRet/Amount"), ["100.00", "100.00", "200.00", "-20.00"]);
    assert_eq!(rs.text("InvoiceRet/Subtotal"), "180.00");
    assert_eq!(desk.ask(&invoice("", &line("Ten", "<Quantity>1</Quantity>"))).code, 3151);

    let group = "<InvoiceLineGroupAdd><ItemGroupRef><FullName>Kit</FullName></ItemGroupRef><Quantity>2</Quantity></InvoiceLineGroupAdd>";
    let rs = desk.ok(&invoice("", group));
    assert_eq!(rs.text("InvoiceRet/InvoiceLineGroupRet/TotalAmount"), "600.00");
    assert_eq!(rs.texts("InvoiceRet/InvoiceLineGroupRet/InvoiceLineRet/Quantity"), ["4", "2"]);
}
