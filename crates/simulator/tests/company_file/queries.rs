use crate::desk::Desk;
use crate::documents::{dated, invoice, line};

fn customers(desk: &mut Desk, count: usize) {
    for number in 1..=count {
        desk.ok(&format!("<CustomerAddRq><CustomerAdd><Name>C{number:02}</Name></CustomerAdd></CustomerAddRq>"));
    }
}

#[test]
fn names_that_are_missing_are_a_warning_beside_what_is_found() {
    let mut desk = Desk::new();
    let rs = desk.ask("<CustomerQueryRq><FullName>Nobody</FullName><FullName>ANNA</FullName></CustomerQueryRq>");
    assert_eq!((rs.code, rs.attribute("statusSeverity")), (500, Some("Warn")));
    assert!(rs.message.contains("Nobody"));
    assert_eq!(rs.text("CustomerRet/FullName"), "Anna");
    let rs = desk.ask("<InvoiceQueryRq><RefNumber>1</RefNumber></InvoiceQueryRq>");
    assert_eq!(rs.code, 500);
}

#[test]
fn filters_that_find_nothing_are_status_1() {
    let mut desk = Desk::new();
    let rs = desk.ask("<InvoiceQueryRq><PaidStatus>PaidOnly</PaidStatus></InvoiceQueryRq>");
    assert_eq!((rs.code, rs.attribute("statusSeverity")), (1, Some("Info")));
}

#[test]
fn inactive_entries_show_only_where_they_are_asked_for() {
    let mut desk = Desk::new();
    desk.file.change_entry("Customer", "Anna", "<IsActive>false</IsActive>", desk.now).unwrap();
    let ask = |desk: &mut Desk, status: &str| {
        desk.ask(&format!("<CustomerQueryRq><ActiveStatus>{status}</ActiveStatus></CustomerQueryRq>")).code
    };
    assert_eq!(["ActiveOnly", "InactiveOnly", "All"].map(|status| ask(&mut desk, status)), [1, 0, 0]);
}

#[test]
fn invoices_are_found_by_number_date_customer_and_payment() {
    let mut desk = Desk::new();
    for (number, date) in [("A1", "2026-10-01"), ("a1", "2026-10-02"), ("B2", "2026-10-03")] {
        desk.ok(&invoice(&format!("{}<RefNumber>{number}</RefNumber>", dated(date)), &line("Glass", "")));
    }
    let cases = [
        ("<RefNumber>a1</RefNumber>", 2),
        ("<RefNumberCaseSensitive>a1</RefNumberCaseSensitive>", 1),
        (
            "<TxnDateRangeFilter><FromTxnDate>2026-10-02</FromTxnDate><ToTxnDate>2026-10-03</ToTxnDate></TxnDateRangeFilter>",
            2,
        ),
        ("<EntityFilter><FullName>anna</FullName></EntityFilter>", 3),
        ("<RefNumberFilter><MatchCriterion>StartsWith</MatchCriterion><RefNumber>b</RefNumber></RefNumberFilter>", 1),
        (
            "<RefNumberRangeFilter><FromRefNumber>A1</FromRefNumber><ToRefNumber>A9</ToRefNumber></RefNumberRangeFilter>",
            2,
        ),
        ("<MaxReturned>2</MaxReturned>", 2),
        ("<PaidStatus>NotPaidOnly</PaidStatus>", 3),
    ];
    for (filter, count) in cases {
        let rs = desk.ok(&format!("<InvoiceQueryRq>{filter}</InvoiceQueryRq>"));
        assert_eq!(rs.texts("InvoiceRet/TxnID").len(), count, "{filter}");
        assert!(rs.texts("InvoiceRet/InvoiceLineRet/Amount").is_empty(), "there are no lines without IncludeLineItems");
    }
}

#[test]
fn what_was_changed_since_is_found_by_the_local_clock() {
    let mut desk = Desk::new();
    desk.now = "2026-07-01T16:00:00Z".parse().unwrap();
    customers(&mut desk, 1);
    let ask = |desk: &mut Desk, from: &str| {
        desk.ask(&format!("<CustomerQueryRq><FromModifiedDate>{from}</FromModifiedDate><ToModifiedDate>2026-07-02</ToModifiedDate></CustomerQueryRq>")).code
    };
    // Nine o'clock in the Californian summer; the offset that QuickBooks states is that of winter.
    let rs = desk.ok("<CustomerQueryRq><FullName>C01</FullName></CustomerQueryRq>");
    assert_eq!(rs.text("CustomerRet/TimeModified"), "2026-07-01T09:00:00-08:00");
    let cases = ["2026-07-01T09:00:00-08:00", "2026-07-01T09:00:00", "2026-07-01", "2026-07-01T09:00:01"];
    assert_eq!(cases.map(|from| ask(&mut desk, from)), [0, 0, 0, 1]);
    assert_eq!(ask(&mut desk, "2026-07-03"), 3030);
}

#[test]
fn iterators_walk_through_and_end_with_their_session() {
    let mut desk = Desk::new();
    customers(&mut desk, 4);
    assert_eq!(desk.ask("<CustomerQueryRq iterator=\"Start\"/>").code, 3150);
    let first = desk.ok("<CustomerQueryRq iterator=\"Start\"><MaxReturned>2</MaxReturned></CustomerQueryRq>");
    assert_eq!(first.texts("CustomerRet/Name"), ["Anna", "C01"]);
    assert_eq!(first.attribute("iteratorRemainingCount"), Some("3"));
    let id = first.attribute("iteratorID").unwrap().to_owned();
    let go_on = format!(
        "<CustomerQueryRq iterator=\"Continue\" iteratorID=\"{id}\"><MaxReturned>2</MaxReturned></CustomerQueryRq>"
    );
    assert_eq!(desk.ok(&go_on).texts("CustomerRet/Name"), ["C02", "C03"]);

    let own = std::mem::replace(&mut desk.session, desk.file.begin_session("").unwrap());
    assert_eq!(desk.ask(&go_on).code, 3120, "another session does not know it");
    desk.session = own;
    let last = desk.ok(&go_on);
    assert_eq!((last.texts("CustomerRet/Name"), last.attribute("iteratorRemainingCount")), (vec!["C04"], Some("0")));
    assert_eq!(desk.ask(&go_on).code, 3120);
}

#[test]
fn metadata_counts_without_showing() {
    let mut desk = Desk::new();
    customers(&mut desk, 3);
    let rs = desk.ok("<CustomerQueryRq metaData=\"MetaDataOnly\"/>");
    assert_eq!((rs.attribute("retCount"), rs.texts("CustomerRet/Name").len()), (Some("4"), 0));
    let rs = desk.ok("<CustomerQueryRq metaData=\"MetaDataAndResponseData\"/>");
    assert_eq!((rs.attribute("retCount"), rs.texts("CustomerRet/Name").len()), (Some("4"), 4));
}

#[test]
fn only_the_elements_that_are_asked_for_come_back() {
    let mut desk = Desk::new();
    let rs = desk.ok("<CustomerQueryRq><IncludeRetElement>Name</IncludeRetElement><IncludeRetElement>Unheard</IncludeRetElement></CustomerQueryRq>");
    assert_eq!((rs.texts("CustomerRet/Name").len(), rs.texts("CustomerRet/ListID").len()), (1, 0));
}

#[test]
fn the_file_id_comes_back_to_its_owner() {
    let mut desk = Desk::new();
    let owner = "{57f3b9b6-86f1-4fcc-b1ff-966de1813d20}";
    desk.file.write_file_id(owner, "{11111111-2222-3333-4444-555555555555}").unwrap();
    let ask = |owner: &str| format!("<CompanyQueryRq><OwnerID>{owner}</OwnerID></CompanyQueryRq>");
    let rs = desk.ok(&ask(owner));
    assert_eq!(rs.text("CompanyRet/DataExtRet/DataExtValue"), "{11111111-2222-3333-4444-555555555555}");
    assert_eq!(rs.text("CompanyRet/DataExtRet/OwnerID"), owner.to_ascii_uppercase());
    assert!(desk.ok("<CompanyQueryRq/>").texts("CompanyRet/DataExtRet/OwnerID").is_empty());
    let other = "{57f3b9b6-86f1-4fcc-b1ff-966de1813d21}";
    assert!(desk.ok(&ask(other)).texts("CompanyRet/DataExtRet/OwnerID").is_empty());
}
