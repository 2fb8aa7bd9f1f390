//! The pulse differs once anything has happened, and only then.

use bookferry_store::Pulse;
use bookferry_sync::company::Release;
use bookferry_sync::submission::Event;

use crate::example::{actor, at, company, hand_over, invoice, open_visit, step};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(whatever_a_page_shows_changes_the_pulse_of_its_company);

async fn whatever_a_page_shows_changes_the_pulse_of_its_company(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let other = company(store, Release::Manual).await;
    let still = store.pulse(other).await.expect("read");
    let mut seen = vec![store.pulse(mine).await.expect("read")];
    let mut differs = async |what: &str| {
        let pulse = store.pulse(mine).await.expect("read");
        assert!(!seen.contains(&pulse), "{what} does not show");
        assert_eq!(pulse.to_string().parse::<Pulse>(), Ok(pulse));
        seen.push(pulse);
    };
    let record = hand_over(store, mine, &[("inv-1", invoice("1", "10.00"))]).await[0].record_id;
    differs("a hand-over").await;
    store.apply_event(mine, record, Event::MarkReady, None, &actor(), at(30)).await.expect("moved");
    differs("a move").await;
    store.note_heard(mine, at(40)).await.expect("noted");
    differs("a call").await;
    store.note_refused(mine, at(45)).await.expect("noted");
    differs("a wrong password").await;
    let ticket = open_visit(store, mine, at(50)).await;
    differs("a visit").await;
    let mut step = step(store, &ticket).await;
    step.close("done", at(60)).await.expect("closed");
    step.commit().await.expect("committed");
    differs("its end").await;
    assert_eq!(store.pulse(other).await.expect("read"), still);
    let both = store.pulses(&[mine, other]).await.expect("read");
    assert_eq!(both.len(), 2);
    for text in ["", "1-2-3", "1-2-3-4-5-6", "a-b-c-d"] {
        assert!(text.parse::<Pulse>().is_err(), "{text}");
    }
}
