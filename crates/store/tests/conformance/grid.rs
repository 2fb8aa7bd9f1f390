//! Pages by key, filters and totals.

use bookferry_qbxml::value::Amount;
use bookferry_store::{BulkMove, Cursor, RecordFilter, Selection, Sort, SortBy};
use bookferry_sync::company::Release;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Status;

use crate::example::{actor, at, company, hand_over, invoice, payment};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    pages_show_every_record_once_in_every_order,
    filters_admit_what_they_say,
    a_common_text_is_counted_at_once_only_among_few
);

async fn pages_show_every_record_once_in_every_order(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let mut given: Vec<(String, Content)> = Vec::new();
    for index in 0..23_u32 {
        let mut content = invoice(&format!("{:03}", index * 7 % 10), &format!("{}.50", index % 4));
        if let Content::Invoice(invoice) = &mut content {
            invoice.date = format!("2026-10-{:02}", index % 5 + 1).parse().expect("a date");
            invoice.created_at = Some(at(10 + i64::from(index * 5 % 7)));
        }
        given.push((format!("inv-{index}"), content));
    }
    given.push(("pay".to_owned(), payment("5", "7.00", &["inv-1"])));
    let given: Vec<(&str, Content)> = given.iter().map(|(id, content)| (id.as_str(), content.clone())).collect();
    let records = hand_over(store, company, &given).await;
    for (bulk, slice) in [(BulkMove::MarkReady, &records[..9]), (BulkMove::Exclude, &records[5..14])] {
        let some = Selection::Ids(slice.iter().map(|record| record.record_id).collect());
        store.move_records(company, &some, bulk, &actor(), at(40)).await.expect("moved");
    }
    for by in SortBy::ALL {
        for ascending in [false, true] {
            let sort = Sort { by, ascending };
            let mut lines = Vec::new();
            let mut cursor: Option<Cursor> = None;
            loop {
                let page =
                    store.records(company, &RecordFilter::default(), sort, cursor.as_ref(), 5).await.expect("a page");
                lines.extend(page.lines);
                let Some(next) = page.next else { break };
                cursor = Some(Cursor::parse(&next.to_string(), by).expect("our own cursor"));
            }
            assert_eq!(lines.len(), 24, "{sort:?}");
            let keys: Vec<_> = lines
                .iter()
                .map(|line| {
                    let key = match by {
                        SortBy::Date => line.date.to_string(),
                        SortBy::Number => format!("{:0>12}", line.number),
                        SortBy::Customer => line.customer.clone(),
                        SortBy::Amount => format!("{:020}", line.amount.e5()),
                        SortBy::Status => {
                            let place = Status::ALL.iter().position(|status| *status == line.state.status());
                            format!("{place:?} {}", line.date)
                        }
                        SortBy::Created => line.created_at.to_string(),
                        SortBy::Changed => line.changed_at.to_string(),
                    };
                    (key, line.seq)
                })
                .collect();
            let mut sorted = keys.clone();
            sorted.sort_unstable();
            sorted.dedup();
            if !ascending {
                sorted.reverse();
            }
            assert_eq!(keys, sorted, "{sort:?}");
        }
    }
}

async fn filters_admit_what_they_say(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let slice = [
        ("web-1", invoice("1001", "10.00")),
        ("web-2", invoice("50%_off!", "20.00")),
        ("pay-1", payment("881", "30.00", &[])),
    ];
    hand_over(store, company, &slice).await;
    let cases = [
        (RecordFilter { text: Some("MÜLLER".to_owned()), ..RecordFilter::default() }, "web-1 web-2 pay-1"),
        (RecordFilter { text: Some("%_OFF!".to_owned()), ..RecordFilter::default() }, "web-2"),
        (RecordFilter { text: Some("_".to_owned()), ..RecordFilter::default() }, "web-2"),
        (RecordFilter { text: Some("a\0b".to_owned()), ..RecordFilter::default() }, ""),
        (RecordFilter { kinds: vec![RecordKind::Payment], ..RecordFilter::default() }, "pay-1"),
        (RecordFilter { statuses: vec![Status::Submitted], ..RecordFilter::default() }, ""),
        (RecordFilter { from: "2026-11-03".parse().ok(), ..RecordFilter::default() }, "pay-1"),
        (RecordFilter { to: "2026-11-02".parse().ok(), ..RecordFilter::default() }, "web-1 web-2"),
        (RecordFilter { amount_min: Amount::from_cents(2_000).ok(), ..RecordFilter::default() }, "web-2 pay-1"),
        (RecordFilter { amount_max: Amount::from_cents(1_000).ok(), ..RecordFilter::default() }, "web-1"),
        (
            RecordFilter { customer: Some("Müller Auto & Glass".to_owned()), ..RecordFilter::default() },
            "web-1 web-2 pay-1",
        ),
        (RecordFilter { cause_code: Some("qb_3140".to_owned()), ..RecordFilter::default() }, ""),
    ];
    for (filter, expected) in cases {
        let sort = Sort { by: SortBy::Changed, ascending: true };
        let page = store.records(company, &filter, sort, None, 50).await.expect("a page");
        let found: Vec<_> = page.lines.iter().map(|line| line.external_id.as_str()).collect();
        assert_eq!(found.join(" "), expected, "{filter:?}");
        let totals = store.totals(company, &filter).await.expect("totals");
        let sum: i64 = page.lines.iter().map(|line| line.amount.e5()).sum();
        assert_eq!(totals.iter().map(|(_, total)| total.sum_e5).sum::<i64>(), sum, "{filter:?}");
        assert_eq!(totals.iter().map(|(_, total)| total.count).sum::<u64>(), page.lines.len() as u64, "{filter:?}");
    }
}

async fn a_common_text_is_counted_at_once_only_among_few(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let mut ids = Vec::new();
    for thousand in 0..6_u32 {
        let given: Vec<(String, Content)> = (0..1_000_u32)
            .map(|index| thousand * 1_000 + index)
            .map(|index| (format!("inv-{index}"), invoice(&index.to_string(), "2.00")))
            .collect();
        let given: Vec<(&str, Content)> = given.iter().map(|(id, content)| (id.as_str(), content.clone())).collect();
        ids.extend(hand_over(store, company, &given).await.iter().map(|record| record.record_id));
    }
    let text = |text: &str| RecordFilter { text: Some(text.to_owned()), ..RecordFilter::default() };
    assert_eq!(store.quick_totals(company, &text("inv")).await.expect("an answer"), None);
    let counted = store.totals(company, &text("inv")).await.expect("totals");
    assert_eq!(counted.iter().map(|(_, total)| (total.count, total.sum_e5)).max(), Some((6_000, 1_200_000_000)));
    let rare = store.quick_totals(company, &text("inv-4711")).await.expect("an answer").expect("counted");
    assert_eq!(rare.iter().map(|(_, total)| total.count).sum::<u64>(), 1);
    let few = Selection::Ids(ids.into_iter().take(2_500).collect());
    store.move_records(company, &few, BulkMove::MarkReady, &actor(), at(50)).await.expect("moved");
    let among_few = RecordFilter { statuses: vec![Status::ReadyToSync], ..text("inv") };
    let counted = store.quick_totals(company, &among_few).await.expect("an answer").expect("counted");
    assert_eq!(counted.iter().map(|(_, total)| total.count).sum::<u64>(), 2_500);
}

#[test]
fn what_is_no_cursor_is_refused() {
    for (text, by) in
        [("", SortBy::Date), ("x:2026-11-02", SortBy::Date), ("1:ten", SortBy::Amount), ("1:\0", SortBy::Number)]
    {
        assert!(Cursor::parse(text, by).is_err(), "{text:?}");
    }
}
