use bookferry_qbwc::{Call, Verdict};
use bookferry_simulator::clock::VirtualClock;
use bookferry_simulator::simulation::{Event, Options, rehearse};
use bookferry_simulator::web_connector::Outcome;

use crate::scripted::{FILE_ID, Server, add_customer, fault, file, settings};

#[test]
fn a_visit_carries_every_set_and_closes() {
    let mut file = file();
    let mut server = Server::handing_out(&[&add_customer("Anna"), &add_customer("anna"), "<CustomerQueryRq/>"]);
    let report = server.visited(&mut file);
    assert_eq!(report.outcome, Outcome::Completed { text: "All done".to_owned() });
    assert_eq!((report.sets_executed, report.requests, report.problems.len()), (3, 3, 0));
    assert_eq!(report.statuses.into_iter().collect::<Vec<_>>(), [(0, 2), (3100, 1)]);
    assert_eq!(
        server.operations(),
        [
            "serverVersion",
            "clientVersion",
            "authenticate",
            "sendRequestXML",
            "receiveResponseXML",
            "sendRequestXML",
            "receiveResponseXML",
            "sendRequestXML",
            "receiveResponseXML",
            "closeConnection"
        ]
    );
    assert_eq!(file.report().customers, 1);
}

#[test]
fn host_company_and_preferences_come_with_the_first_call_only() {
    let mut server = Server::handing_out(&["<CustomerQueryRq/>", "<CustomerQueryRq/>"]);
    server.visited(&mut file());
    let told: Vec<&str> = server
        .calls
        .iter()
        .filter_map(|call| {
            let Call::SendRequestXml { host_company_preferences, .. } = call else {
                return None;
            };
            Some(host_company_preferences.as_str())
        })
        .collect();
    assert!(["HostQueryRs", "CompanyQueryRs", "PreferencesQueryRs", FILE_ID].iter().all(|part| told[0].contains(part)));
    assert_eq!(told[1], "");
}

#[test]
fn verdicts_end_the_visit_with_a_close() {
    for (verdict, outcome) in [
        (Verdict::None, Outcome::NothingToDo),
        (Verdict::Nvu, Outcome::InvalidUser),
        (Verdict::Busy, Outcome::Busy),
        (Verdict::Postpone { seconds: 90 }, Outcome::Postponed),
    ] {
        let mut server = Server::handing_out(&[]);
        server.verdict = verdict;
        let report = server.visited(&mut file());
        assert_eq!(report.outcome, outcome);
        assert_eq!(server.operations().last(), Some(&"closeConnection"));
    }
}

#[test]
fn an_empty_set_asks_for_the_last_error_and_no_op_waits_five_seconds() {
    let mut server = Server::handing_out(&[]);
    server.errors = ["NoOp", "NoOp", "the books are closed"].map(str::to_owned).into();
    let report = server.visited(&mut file());
    assert_eq!(report.outcome, Outcome::Stopped { text: "the books are closed".to_owned() });
    assert_eq!(report.calls["sendRequestXML"], 3);
    assert_eq!(report.ended_at.duration_since(report.began_at).as_secs(), 10);
}

#[test]
fn a_negative_number_asks_for_the_last_error_and_closes() {
    let mut server = Server::handing_out(&["<CustomerQueryRq/>", "<CustomerQueryRq/>"]);
    server.percent = -101;
    let report = server.visited(&mut file());
    assert_eq!(report.outcome, Outcome::Stopped { text: "nothing is wrong".to_owned() });
    assert_eq!(server.operations()[5..], ["getLastError", "closeConnection"]);
}

#[test]
fn what_quickbooks_cannot_read_comes_back_as_an_hresult() {
    let mut server = Server::handing_out(&["<Unheard/>", "<CustomerQueryRq/>"]);
    let report = server.visited(&mut file());
    assert_eq!(report.hresults["0x80040400"], 1);
    let Call::ReceiveResponseXml { response, hresult, message, .. } = &server.calls[4] else {
        panic!("{:?}", server.calls[4]);
    };
    assert_eq!((response.as_str(), hresult.as_str(), message.is_empty()), ("", "0x80040400", false));
}

#[test]
fn a_server_that_lacks_the_version_calls_is_visited_all_the_same() {
    let mut server = Server::handing_out(&["<CustomerQueryRq/>"]);
    server.spoil = |call, answer| {
        let is_version = matches!(call, Call::ServerVersion { .. } | Call::ClientVersion { .. });
        if is_version { fault() } else { answer }
    };
    let report = server.visited(&mut file());
    assert_eq!((report.outcome, report.problems), (Outcome::Completed { text: "All done".to_owned() }, vec![]));
}

#[test]
fn rehearsals_go_on_until_their_visits_are_used_up() {
    let mut options = Options::new(settings());
    options.visits_max = Some(3);
    let mut clock = VirtualClock::at("2026-11-02T20:00:00Z".parse().unwrap());
    let mut server = Server::handing_out(&[&add_customer("Anna")]);
    let mut events = Vec::new();
    let summary = rehearse(&options, &mut file(), &mut server, &mut clock, &mut |event| events.push(event));
    assert_eq!((summary.visits, summary.report.customers), (3, 1));
    assert!(matches!(events.first(), Some(Event::Imported(Ok(())))));
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Waiting(_))).count(), 2);
}
