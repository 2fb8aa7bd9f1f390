use bookferry_qbwc::Call;
use bookferry_simulator::fault::{Fault, Faults};
use bookferry_simulator::web_connector::{Outcome, VisitReport};

use crate::scripted::{Server, add_customer, file};

/// One visit with a fault that always strikes: the report, what was called, and how many customers there are then.
fn struck(fault: Fault) -> (VisitReport, Vec<&'static str>, usize) {
    let mut file = file();
    let mut server = Server::handing_out(&[&add_customer("Anna"), &add_customer("Bert")]);
    let report = server.visited_with(&mut file, Faults::seeded(1).with(fault, 1000));
    assert_eq!(report.faults.first(), Some(&fault));
    (report, server.operations(), file.report().customers)
}

fn failed_with(report: &VisitReport) -> Option<u16> {
    let Outcome::Failed { qbwc, .. } = report.outcome else {
        return None;
    };
    Some(qbwc)
}

#[test]
fn calls_and_replies_get_lost_where_they_should() {
    let (report, operations, customers) = struck(Fault::LostRequest);
    assert_eq!((failed_with(&report), operations.len(), customers), (Some(1036), 0, 0));

    let (report, operations, customers) = struck(Fault::LostAnswer);
    assert_eq!((failed_with(&report), operations.last(), customers), (Some(1041), Some(&"sendRequestXML"), 0));

    let (report, operations, customers) = struck(Fault::LostResponse);
    assert_eq!((failed_with(&report), operations.last(), customers), (Some(1042), Some(&"sendRequestXML"), 1));

    let (report, operations, customers) = struck(Fault::LostAcknowledgement);
    assert_eq!((failed_with(&report), operations.last(), customers), (Some(1042), Some(&"receiveResponseXML"), 1));
}

#[test]
fn a_repeated_call_arrives_twice_and_quickbooks_works_once() {
    let (report, operations, _) = struck(Fault::RepeatedCall);
    assert_eq!(
        operations[..6],
        ["serverVersion", "serverVersion", "clientVersion", "clientVersion", "authenticate", "authenticate"]
    );
    assert_eq!(report.calls["receiveResponseXML"], 2 * report.sets_executed);
}

#[test]
fn a_cut_visit_just_ends() {
    let (report, operations, _) = struck(Fault::CutVisit);
    assert_eq!((report.outcome, operations.len()), (Outcome::Cut, 0));
}

#[test]
fn writes_are_refused_while_somebody_is_in_the_way() {
    let (report, _, customers) = struck(Fault::Busy);
    assert_eq!((report.statuses.get(&3175), customers), (Some(&2), 0));
    let (report, _, customers) = struck(Fault::Locked);
    assert_eq!((report.statuses.get(&3180), customers), (Some(&2), 0));
}

#[test]
fn a_dialog_keeps_the_web_connector_out() {
    let (report, operations, _) = struck(Fault::ModalDialog);
    assert_eq!(report.outcome, Outcome::NotConnected { hresult: "0x80040414".to_owned() });
    assert_eq!(operations[3..], ["connectionError", "closeConnection"]);
}

#[test]
fn writing_into_another_company_is_a_problem() {
    let (report, _, customers) = struck(Fault::WrongCompany);
    assert_eq!(report.problems, ["the server wrote into another company's file"; 2]);
    assert_eq!(customers, 0, "the right file is untouched");
}

#[test]
fn a_file_without_its_file_id_can_be_had() {
    let mut server = Server::handing_out(&["<CustomerQueryRq/>"]);
    server.visited_with(&mut file(), Faults::seeded(1).with(Fault::NoFileId, 1000));
    let Call::SendRequestXml { host_company_preferences, .. } = &server.calls[3] else {
        panic!("{:?}", server.calls[3]);
    };
    assert!(!host_company_preferences.contains("FileID"));
}

#[test]
fn quickbooks_restarts_before_or_after_the_work() {
    let (report, _, customers) = struck(Fault::RestartBefore);
    assert_eq!((report.hresults["0x8004040D"], report.sets_executed, customers), (2, 0, 0));
    let (report, _, customers) = struck(Fault::ProcessError);
    assert_eq!((report.hresults["0x80040400"], report.sets_executed, customers), (2, 0, 0));
    let (report, _, customers) = struck(Fault::RestartAfterwards);
    assert_eq!((report.hresults["0x8004040D"], report.sets_executed, customers), (2, 2, 2));
}

#[test]
fn a_slow_quickbooks_takes_minutes() {
    let (report, _, _) = struck(Fault::Slow);
    assert_eq!(report.ended_at.duration_since(report.began_at).as_secs(), 360);
}
