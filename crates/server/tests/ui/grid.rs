use axum::http::StatusCode;

use crate::browser::Browser;
use crate::company::{DANA, TestCompany};

#[tokio::test]
async fn the_grid_shows_what_waits_in_two_groups() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    insta::assert_snapshot!(page.rows().join("\n"));
    let text = page.text();
    assert!(text.contains("Invoices 5 · $6,611.85"), "{text}");
    assert!(text.contains("Payments 2 · $4,175.00"), "{text}");
    assert!(text.contains("Select all 7 that match · $10,786.85"), "{text}");
    assert!(page.body.contains("aria-label=\"QuickBooks Sync Queue, 1 needs attention\""));
    assert!(page.body.contains("<title>(1) Submissions · Ridgeline Auto Glass · Bookferry</title>"));
    assert!(!page.body.contains("<b>Northgate"), "a customer's name is no markup");
}

#[tokio::test]
async fn every_filter_is_in_the_address() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    for (query, numbers) in [
        ("filtered=1&status=submitted", vec!["1047"]),
        ("filtered=1&status=excluded&status=submitted", vec!["1047", "1046"]),
        ("q=harbor", vec!["1041"]),
        ("min=1000&max=4%2C000", vec!["1044", "1042", "881"]),
        ("from=2026-11-21", vec!["880", "881"]),
        ("to=2026-11-20&sort=amount&order=asc", vec!["1043", "1041", "1040", "1044", "1042"]),
        ("sort=status&order=asc", vec!["1040", "1043", "1044", "1042", "1041", "880", "881"]),
        ("sort=created", vec!["1044", "1043", "1042", "1041", "1040", "880", "881"]),
        ("q=%3Cscript%3E", vec![]),
        ("from=yesterday", vec![]),
        ("filtered=1", vec![]),
    ] {
        let page = dana.get(&company.path(&format!("submissions?{query}"))).await;
        assert_eq!(page.status, StatusCode::OK);
        let rows = page.rows();
        let shown: Vec<&str> = rows.iter().filter_map(|row| row.split(" | ").nth(1)).collect();
        assert_eq!(shown, numbers, "{query}");
    }
}

#[tokio::test]
async fn what_many_have_is_counted_only_when_somebody_asks() {
    let company = TestCompany::start().await;
    company.invoices(0..5_100, "Lawn Depot").await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    let page = dana.get(&format!("{path}?q=lawn")).await;
    let text = page.text();
    assert_eq!(page.rows().len(), 100);
    assert!(text.contains("More than 2,000 records have this text · Count what matches"), "{text}");
    assert!(text.contains("Invoices not counted"), "{text}");
    assert!(!page.body.contains("name=\"everything\"") && !page.body.contains("name=\"group\""));
    let fields = [("deed", "ready"), ("shown_group", "invoice")];
    let pressed = dana.press(&page, &path, &fields).await;
    assert_eq!(dana.follow(&pressed).await.notice(), "100 records marked ready to sync.");
    let counted = dana.get(&format!("{path}?q=lawn&count=1")).await;
    assert!(counted.text().contains("Select all 5,100 that match · $5,100.00"), "{}", counted.text());
    assert!(counted.text().contains("Invoices 5,100 · $5,100.00"), "{}", counted.text());
    let pressed = dana.press(&counted, &path, &[("deed", "ready"), ("everything", "1")]).await;
    assert!(dana.follow(&pressed).await.notice().starts_with("5,000 records marked ready to sync."));
    assert!(
        dana.get(&format!("{path}?q=4711")).await.text().contains("Invoices 1 · $1.00"),
        "what few have is counted"
    );
}

#[tokio::test]
async fn an_empty_grid_says_why_and_what_to_do() {
    let mut company = TestCompany::start().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    assert!(dana.get(&path).await.text().contains("Nothing has been handed over yet."));
    company.invoice("1", "Lawn Depot", "10.00").await;
    assert!(dana.get(&format!("{path}?q=nobody")).await.text().contains("Nothing matches the filter."));
    assert!(dana.get(&format!("{path}?filtered=1")).await.text().contains("No status is ticked."));
    assert!(dana.get(&format!("{path}?from=soon")).await.text().contains("The first date cannot be understood: soon."));
    company.happens("1", [bookferry_sync::submission::Event::Exclude]).await;
    assert!(dana.get(&path).await.text().contains("Nothing waits to be sent."));
}

#[tokio::test]
async fn pages_lead_on_and_back_without_a_gap() {
    let mut company = TestCompany::start().await;
    for number in 1..=230 {
        company.invoice(&number.to_string(), "Lawn Depot", "1.00").await;
    }
    let mut dana = Browser::signed_in(&company, DANA).await;
    let start = company.path("submissions");
    let mut address = start.clone();
    let mut seen = Vec::new();
    let mut pages = Vec::new();
    loop {
        let page = dana.get(&address).await;
        seen.extend(page.rows().iter().filter_map(|row| row.split(" | ").nth(1).map(str::to_owned)));
        let next = link(&page.body, "Next");
        pages.push(page);
        let Some(next) = next else { break };
        address = format!("{start}{next}");
    }
    let expected: Vec<String> = (1..=230).rev().map(|number: u32| number.to_string()).collect();
    assert_eq!(seen, expected);
    assert_eq!(pages.len(), 3);
    let back = link(&pages[2].body, "Previous").expect("a page before");
    let page = dana.get(&format!("{start}{back}")).await;
    assert_eq!(page.rows(), pages[1].rows());
    let back = link(&page.body, "Previous").expect("the first page");
    let page = dana.get(&format!("{start}{back}")).await;
    assert_eq!(page.rows(), pages[0].rows());
    assert_eq!(link(&page.body, "Previous"), None);
    assert!(page.text().contains("Invoices 230 · $230.00"), "the sum is that of the filter, not of the page");
}

fn link(body: &str, label: &str) -> Option<String> {
    let before = body.split(&format!("\">{label}</a>")).next().filter(|before| before.len() < body.len())?;
    before.rsplit("href=\"").next().map(|query| query.replace("&#38;", "&").replace("&amp;", "&"))
}
