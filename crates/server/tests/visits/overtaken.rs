//! An application that changes what waits while a visit is at work. On PostgreSQL it comes between what a step reads and what
//! it writes, and the step is taken anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bookferry_store::{Actor, HandOver};
use bookferry_sync::company::{RecordsPerMessageSet, Settings};
use bookferry_sync::id::RecordId;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Status;

use crate::office::{BOTH, Office};

const INVOICES: u32 = 40;
/// So many of them are changed at a time.
const CHANGED: u32 = 10;

#[test]
fn a_visit_goes_on_while_the_application_changes_what_waits() {
    for on in BOTH {
        let one_to_a_set = RecordsPerMessageSet::try_from(1).expect("within the bounds");
        let mut office = Office::open(on, Settings { records_per_message_set: one_to_a_set, ..Settings::default() });
        office.release(1..=INVOICES);
        let is_over = Arc::new(AtomicBool::new(false));
        let changes = office.meanwhile(change_until(&office, Arc::clone(&is_over)));
        office.visit();
        is_over.store(true, Ordering::Relaxed);
        assert!(office.wait_for(changes).expect("no panic") > 0, "{on:?}: nothing was changed");
        let crossed = office.count(Status::Submitted) + office.count(Status::NeedsAttention);
        assert_eq!(crossed, u64::from(INVOICES), "{on:?}");
        assert_eq!(office.items_sold().len(), INVOICES as usize, "{on:?}: each is in QuickBooks once");
    }
}

/// Hands all invoices over with other amounts, again and again. Returns how often.
fn change_until(office: &Office, is_over: Arc<AtomicBool>) -> impl Future<Output = u32> + Send + 'static {
    let (store, company, now) = (office.store.clone(), office.company, office.now());
    async move {
        let mut rounds = 0;
        while !is_over.load(Ordering::Relaxed) {
            rounds += 1;
            let first = rounds * CHANGED % INVOICES + 1;
            let changed: Vec<(String, Content)> =
                (first..first + CHANGED).map(|number| (format!("inv-{number}"), invoice(number, rounds))).collect();
            let slice: Vec<HandOver<'_>> = changed
                .iter()
                .map(|(external_id, content)| HandOver {
                    id_if_new: RecordId::new(now, &[0; 10]),
                    external_id,
                    content,
                })
                .collect();
            store.hand_over(company, &slice, &Actor::new("shop", "api"), now).await.expect("taken in");
        }
        rounds
    }
}

fn invoice(number: u32, round: u32) -> Content {
    let amount = format!("{}.00", 100 + round);
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
        "lines":[{{"item":"Windshield","quantity":"1","rate":"{amount}","amount":"{amount}"}}],"total":"{amount}"}}"#
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}
