//! What people are told who do not look: written down once, sent by one server, and never a second time in doubt.

use bookferry_store::{MailEvery, NewPerson, NewWebhook, Role, Store};
use bookferry_sync::cause::Cause;
use bookferry_sync::company::Release;
use bookferry_sync::digest::Digest;
use bookferry_sync::id::{CompanyId, PersonId, WebhookId};
use bookferry_sync::notice::Notice;
use bookferry_sync::submission::Event;

use crate::example::{actor, at, company, entropy, hand_over, invoice};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(a_digest_is_made_once, a_letter_is_sent_by_one_server, what_webhooks_are_told_is_kept_for_them);

const NONE: [i64; 0] = [];
static WAITS: Digest = Digest::RecordsWait { waiting: 1, causes: Vec::new() };

async fn a_digest_is_made_once(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let reader = reader(store, company, "dana").await;
    assert_eq!(store.waiting_audiences(true, at(100)).await.expect("read"), []);
    refuse(store, company, "inv-1").await;
    assert_eq!(store.waiting_audiences(false, at(100)).await.expect("read"), [], "no mail server is known");
    let audiences = store.waiting_audiences(true, at(100)).await.expect("read");
    assert_eq!(audiences.iter().map(|audience| audience.recipient).collect::<Vec<_>>(), [Some(reader)]);
    let made = (0..8).map(|_| store.make_digest(&audiences[0], &WAITS, at(100)));
    let made = futures_util::future::join_all(made).await;
    assert_eq!(made.into_iter().filter(|made| *made.as_ref().expect("an answer")).count(), 1);
    assert_eq!(store.waiting_audiences(true, at(100_000)).await.expect("read"), [], "nothing has come since");
    refuse(store, company, "inv-2").await;
    assert_eq!(store.waiting_audiences(true, at(3_600)).await.expect("read"), [], "an hour has not passed");
    assert_eq!(store.waiting_audiences(true, at(3_700)).await.expect("read").len(), 1);
    assert!(!store.make_digest(&audiences[0], &WAITS, at(100_000)).await.expect("an answer"), "it was told before");
    store.set_mail_every(reader, Some(MailEvery::Day)).await.expect("chosen");
    assert_eq!(store.waiting_audiences(true, at(3_700)).await.expect("read"), []);
    store.set_mail_every(reader, None).await.expect("chosen");
    assert_eq!(store.waiting_audiences(true, at(1_000_000)).await.expect("read"), []);
}

async fn a_letter_is_sent_by_one_server(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let reader = reader(store, company, "dana").await;
    refuse(store, company, "inv-1").await;
    let audience = store.waiting_audiences(true, at(100)).await.expect("read").remove(0);
    assert!(store.make_digest(&audience, &WAITS, at(100)).await.expect("made"));
    let due = store.due_letters(at(100), 10).await.expect("read");
    let claims = (0..8).map(|_| store.claim_letter(due[0], at(700), at(100)));
    let claims = futures_util::future::join_all(claims).await;
    let claimed: Vec<_> = claims.into_iter().filter_map(|claim| claim.expect("an answer")).collect();
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    let letter = &claimed[0];
    assert_eq!((letter.email.as_str(), letter.tries, &letter.digest), ("dana@clearview.example", 1, &WAITS));
    store.put_letter_off(letter, at(200), "away").await.expect("put off");
    assert_eq!(store.due_letters(at(199), 10).await.expect("read"), NONE);
    let again = store.claim_letter(due[0], at(800), at(200)).await.expect("an answer").expect("free");
    assert_eq!(again.tries, 2);
    assert_eq!(store.give_abandoned_letters_up("it stopped", at(799)).await.expect("none"), 0);
    assert_eq!(store.give_abandoned_letters_up("it stopped", at(800)).await.expect("one"), 1);
    store.note_letter_sent(&again, at(801)).await.expect("too late, and without effect");
    assert_eq!(store.due_letters(at(9_000), 10).await.expect("read"), NONE);
    let told = store.notices(company).await.expect("read").remove(0).notice;
    assert!(matches!(&told, Notice::MailLost { email, .. } if email == "dana@clearview.example"), "{told:?}");

    refuse(store, company, "inv-2").await;
    let audience = store.waiting_audiences(true, at(9_000)).await.expect("read").remove(0);
    assert!(store.make_digest(&audience, &WAITS, at(9_000)).await.expect("made"));
    store.set_mail_every(reader, None).await.expect("chosen");
    let due = store.due_letters(at(9_000), 10).await.expect("read");
    assert_eq!(store.claim_letter(due[0], at(9_900), at(9_000)).await.expect("an answer"), None, "nobody wants it");
    assert_eq!(store.due_letters(at(99_000), 10).await.expect("read"), NONE);
}

async fn what_webhooks_are_told_is_kept_for_them(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let id = WebhookId::new(at(0), &entropy());
    let new = NewWebhook { id, company_id: company, url: "https://shop.example/", secret: &[7; 32] };
    assert!(store.add_webhook(&new, &actor(), at(20)).await.expect("added"));
    refuse(store, company, "inv-1").await;
    let audience = store.waiting_audiences(false, at(100)).await.expect("read").remove(0);
    assert_eq!(audience.recipient, None);
    assert!(store.make_digest(&audience, &WAITS, at(100)).await.expect("made"));
    assert_eq!(store.due_letters(at(9_000), 10).await.expect("read"), NONE, "it is no letter");
    let told = store.digests_after(company, 0, 10).await.expect("read");
    assert_eq!(told.iter().map(|told| &told.digest).collect::<Vec<_>>(), [&WAITS]);
    assert_eq!(store.digests_after(company, told[0].seq, 10).await.expect("read"), []);
}

async fn reader(store: &Store, company: CompanyId, name: &str) -> PersonId {
    let id = PersonId::new(at(0), &entropy());
    let organization_id = store.company(company).await.expect("read").expect("there").organization_id;
    let email = format!("{name}@clearview.example");
    let new = NewPerson { id, organization_id, company_id: None, email: &email, role: Role::Viewer, password_hash: "" };
    store.create_person(&new, at(0)).await.expect("a person");
    store.set_mail_every(id, Some(MailEvery::Hour)).await.expect("chosen");
    id
}

async fn refuse(store: &Store, company: CompanyId, external_id: &str) {
    let handed = hand_over(store, company, &[(external_id, invoice(external_id, "270.00"))]).await;
    for event in [Event::MarkReady, Event::Enclosed, Event::Refused(Cause::new("qb_3140", "No such customer.", ""))] {
        store.apply_event(company, handed[0].record_id, event, None, &actor(), at(50)).await.expect("a possible event");
    }
}
