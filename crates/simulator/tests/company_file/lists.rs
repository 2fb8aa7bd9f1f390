use crate::desk::{Desk, SERVICE};

fn customer(fields: &str) -> String {
    format!("<CustomerAddRq><CustomerAdd>{fields}</CustomerAdd></CustomerAddRq>")
}

#[test]
fn names_are_unique_among_all_names_in_any_case_active_or_not() {
    let mut desk = Desk::new();
    desk.file.add_entry("Vendor", "<Name>Glass Works</Name>", desk.now).unwrap();
    desk.file.add_entry("Employee", "<Name>Bert</Name>", desk.now).unwrap();
    desk.file.add_entry("OtherName", "<Name>Carla</Name><IsActive>false</IsActive>", desk.now).unwrap();
    for name in ["anna", "GLASS WORKS", "Bert", "carla"] {
        let rs = desk.ask(&customer(&format!("<Name>{name}</Name>")));
        assert_eq!((rs.code, rs.message.contains(name)), (3100, true), "{name}");
    }
}

#[test]
fn jobs_hang_below_their_customer() {
    let mut desk = Desk::new();
    let job = "<Name>House</Name><ParentRef><FullName>anna</FullName></ParentRef>";
    let rs = desk.ok(&customer(job));
    assert_eq!((rs.text("CustomerRet/FullName"), rs.text("CustomerRet/Sublevel")), ("Anna:House", "1"));
    assert_eq!(desk.ask(&customer(job)).code, 3100);
    assert_eq!(desk.ask(&customer("<Name>Anna:Garden</Name>")).code, 3090);
    assert_eq!(desk.ask(&customer("<Name>Shed</Name><ParentRef><FullName>Zoe</FullName></ParentRef>")).code, 3130);
    let long =
        "<Name>0123456789012345678901234567890123456789</Name><ParentRef><FullName>PARENT</FullName></ParentRef>";
    let mut parent = "Anna".to_owned();
    let codes: Vec<i32> = (0..6)
        .map(|_| {
            let rs = desk.ask(&customer(&long.replace("PARENT", &parent)));
            parent.push_str(":0123456789012345678901234567890123456789");
            rs.code
        })
        .collect();
    assert_eq!(codes, [0, 0, 0, 0, 0, 3070]);
}

#[test]
fn a_renamed_customer_takes_its_jobs_along() {
    let mut desk = Desk::new();
    let anna = desk.ok("<CustomerQueryRq><FullName>Anna</FullName></CustomerQueryRq>");
    desk.ok(&customer("<Name>House</Name><ParentRef><FullName>Anna</FullName></ParentRef>"));
    let modify = format!(
        "<CustomerModRq><CustomerMod><ListID>{}</ListID><EditSequence>{}</EditSequence><Name>Anne</Name></CustomerMod></CustomerModRq>",
        anna.text("CustomerRet/ListID"),
        anna.text("CustomerRet/EditSequence"),
    );
    desk.ok(&modify);
    assert_eq!(desk.ask(&modify).code, 3200);
    desk.ok("<CustomerQueryRq><FullName>anne:house</FullName></CustomerQueryRq>");
    assert_eq!(desk.ask("<CustomerQueryRq><FullName>Anna</FullName></CustomerQueryRq>").code, 500);
    assert_eq!(desk.ask(&modify.replace("<ListID>", "<ListID>8")).code, 3120);
}

#[test]
fn items_need_their_accounts() {
    let mut desk = Desk::new();
    let item = |fields: &str| {
        format!("<ItemServiceAddRq><ItemServiceAdd><Name>Tow</Name>{fields}</ItemServiceAdd></ItemServiceAddRq>")
    };
    assert_eq!(desk.ask(&item("<SalesOrPurchase><Price>1</Price></SalesOrPurchase>")).code, 3150);
    let both =
        "<SalesAndPurchase><IncomeAccountRef><FullName>Services</FullName></IncomeAccountRef></SalesAndPurchase>";
    let rs = desk.ask(&item(both));
    assert_eq!((rs.code, rs.message.contains("An expense account must be specified")), (3210, true));
    assert_eq!(desk.ask(&item(&SERVICE.replace("Services", "Sales"))).code, 3140);
    desk.ok(&item(SERVICE));
    assert_eq!(desk.ask(&item(SERVICE)).code, 3100);
}

#[test]
fn what_is_inactive_cannot_be_used() {
    let mut desk = Desk::new();
    desk.file.change_entry("ItemService", "Glass", "<IsActive>false</IsActive>", desk.now).unwrap();
    let request = crate::documents::invoice("", &crate::documents::line("Glass", ""));
    assert_eq!(desk.ask(&request).code, 3140);
    assert_eq!(desk.ask("<ItemQueryRq><NameFilter><MatchCriterion>StartsWith</MatchCriterion><Name>Gla</Name></NameFilter></ItemQueryRq>").code, 1);
    desk.ok("<ItemQueryRq><FullName>Glass</FullName></ItemQueryRq>");
}

#[test]
fn what_is_in_use_cannot_be_deleted_and_what_is_deleted_leaves_a_trace() {
    let mut desk = Desk::new();
    desk.ok(&crate::documents::invoice("", &crate::documents::line("Glass", "")));
    let refused = desk.file.delete_entry("ItemService", "Glass", desk.now).unwrap_err();
    assert!(refused.to_string().contains("3160"), "{refused}");
    desk.file.delete_entry("ItemService", "Labor", desk.now).unwrap();
    let rs = desk.ok("<ListDeletedQueryRq><ListDelType>ItemService</ListDelType></ListDeletedQueryRq>");
    assert_eq!(rs.texts("ListDeletedRet/FullName"), ["Labor"]);
}

#[test]
fn a_malformed_set_executes_nothing() {
    let mut desk = Desk::new();
    let good = customer("<Name>Dora</Name>");
    for bad in [
        customer("<Phone>1</Phone><Name>Emil</Name>"),
        customer("<Name>Emil</Name><Unheard>1</Unheard>"),
        customer(&format!("<Name>{}</Name>", "x".repeat(42))),
        "<UnheardQueryRq/>".to_owned(),
        crate::documents::invoice("", &crate::documents::line("Glass", "<Amount>1.5</Amount>")),
    ] {
        let document = crate::desk::document("onError=\"continueOnError\"", &format!("{good}{bad}"));
        assert_eq!(desk.hresult(&document), "0x80040400", "{bad}");
    }
    let document = crate::desk::document("onError=\"continueOnError\"", &good);
    assert_eq!(desk.hresult(&document.replace("13.0", "99.0")), "0x80040423");
    assert_eq!(desk.hresult(&document.replace("<?qbxml version=\"13.0\"?>", "")), "0x80040400");
    assert_eq!(desk.file.report().customers, 1);
}
