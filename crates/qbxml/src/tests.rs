//! Generated messages: whether they come back as they went, and whether the vendor's schema takes them.

mod dice;
mod round_trip;
mod schema;

pub(crate) use dice::Dice;

use crate::message_set::{Answer, Iteration, Kind, MessageSetRq, MessageSetRs, MetaData, OnError, Request, RequestId};
use crate::message_set::{Rq, Rs};
use crate::status::{Severity, Status};

/// A request of the kind at `index`, with every attribute that the kind may have.
fn sample_rq(index: usize, dice: &mut Dice) -> Rq {
    let request = Request::sample(index, dice);
    let id = RequestId::new(format!("r{index}")).unwrap();
    let (meta_data, iteration) = match request.kind() {
        Kind::Write | Kind::Query => (None, None),
        Kind::CountedQuery => (sample_meta_data(dice), None),
        Kind::IteratedQuery => (sample_meta_data(dice), sample_iteration(dice)),
    };
    Rq { request_id: id, meta_data, iteration, request }
}

fn sample_meta_data(dice: &mut Dice) -> Option<MetaData> {
    *dice.pick(&[None, Some(MetaData::None), Some(MetaData::Only), Some(MetaData::AndResponseData)])
}

fn sample_iteration(dice: &mut Dice) -> Option<Iteration> {
    let id = "{3B4E0F5A-0000-4000-8000-000000000001}".to_owned();
    dice.pick(&[None, Some(Iteration::Start), Some(Iteration::Continue(id.clone())), Some(Iteration::Stop(id))]).clone()
}

fn message_set(requests: Vec<Rq>) -> MessageSetRq {
    MessageSetRq { on_error: OnError::Continue, new_message_set_id: None, old_message_set_id: None, requests }
}

fn sample_rs(index: usize, dice: &mut Dice) -> Rs {
    let status = Status { code: 0, severity: Severity::Info, message: "Status OK".to_owned() };
    Rs::new(Some(format!("r{index}")), status, Answer::sample(index, dice))
}

fn answers(responses: Vec<Rs>) -> MessageSetRs {
    MessageSetRs { new_message_set_id: None, message_set_status_code: None, responses }
}
