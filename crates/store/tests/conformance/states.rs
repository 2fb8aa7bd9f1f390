//! Every shape a submission's state can have, and how tests put a record into it.

use bookferry_sync::cause::Cause;
use bookferry_sync::id::RecordId;
use bookferry_sync::submission::{Attention, Errand, Meanwhile, Posted, State};
use bookferry_sync::submission_row::StateRow;

use crate::test_database::TestDatabase;

/// One of each.
pub(crate) fn every_state() -> Vec<State> {
    let posted = || Posted { txn_id: "T-1".to_owned(), edit_sequence: "7".to_owned(), revision: 1 };
    let cause = || Cause::new("qb_3140", "QuickBooks doesn't know the customer", "Müller's");
    let errands = [Errand::Add, Errand::Mod(posted()), Errand::Void(posted())];
    let mut states = vec![State::HeldBack, State::Unsent, State::Submitted(posted())];
    for errand in errands {
        states.push(State::ReadyToSync(errand.clone()));
        for meanwhile in [Meanwhile::Nothing, Meanwhile::Revised, Meanwhile::Voided] {
            states.push(State::Sending { errand: errand.clone(), meanwhile });
            states.push(State::Unconfirmed { errand: errand.clone(), meanwhile });
            let errand = errand.clone();
            states.push(State::NeedsAttention(Attention::Unconfirmed { cause: cause(), errand, meanwhile }));
        }
        for changed_since in [false, true] {
            let errand = errand.clone();
            states.push(State::NeedsAttention(Attention::Error { cause: cause(), errand, changed_since }));
        }
    }
    for voided in [false, true] {
        states.push(State::NeedsAttention(Attention::Updated { posted: posted(), voided }));
        states.push(State::Excluded { voided, posted: None });
        states.push(State::Excluded { voided, posted: Some(posted()) });
    }
    states.push(State::NeedsAttention(Attention::Differs { posted: posted(), cause: cause() }));
    states
}

/// Puts a record into a state behind the store's back.
pub(crate) async fn put(database: &TestDatabase, record: RecordId, state: &State) {
    let row = StateRow::from(state);
    let revision = row.posted_revision.map_or_else(|| "NULL".to_owned(), |revision| revision.to_string());
    let sql = format!(
        "UPDATE record SET status = {}, errand = {}, attention = {}, meanwhile = {}, cause_code = {}, cause_text = {},
         cause_detail = {}, txn_id = {}, edit_sequence = {}, posted_revision = {revision}, attempt_count = 3,
         available_at_us = 5 WHERE id = '{record}'",
        literal(Some(&row.status)),
        literal(row.errand.as_ref()),
        literal(row.attention.as_ref()),
        literal(row.meanwhile.as_ref()),
        literal(row.cause_code.as_ref()),
        literal(row.cause_text.as_ref()),
        literal(row.cause_detail.as_ref()),
        literal(row.txn_id.as_ref()),
        literal(row.edit_sequence.as_ref()),
    );
    database.raw_execute(&sql).await.expect("the record is put into the state");
}

fn literal(text: Option<&String>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}
