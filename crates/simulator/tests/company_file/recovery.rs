use crate::desk::{Desk, document, set_status};
use crate::documents::{invoice, line};

const NEW: &str = "onError=\"continueOnError\" newMessageSetID=\"one\"";
const ASK: &str = "onError=\"continueOnError\" oldMessageSetID=\"one\" newMessageSetID=\"one\"";
const CLEAR: &str = "onError=\"continueOnError\" oldMessageSetID=\"one\"";

fn invoices(desk: &Desk) -> usize {
    desk.file.report().transactions.get("Invoice").map_or(0, |totals| totals.count)
}

fn status(desk: &mut Desk, attributes: &str, requests: &str) -> Option<String> {
    set_status(&desk.process(attributes, requests).xml)
}

#[test]
fn the_same_set_is_answered_again_and_not_run_again() {
    let mut desk = Desk::new();
    let requests = invoice("", &line("Glass", ""));
    let first = desk.process(NEW, &requests);
    let second = desk.process(NEW, &requests);
    assert_eq!((&first.xml, first.was_stored, second.was_stored), (&second.xml, false, true));
    assert_eq!((invoices(&desk), set_status(&first.xml).as_deref()), (1, Some("0")));
}

#[test]
fn another_content_under_the_same_id_is_refused() {
    let mut desk = Desk::new();
    desk.process(NEW, &invoice("", &line("Glass", "")));
    assert_eq!(status(&mut desk, NEW, &invoice("", &line("Labor", ""))).as_deref(), Some("9001"));
    assert_eq!(invoices(&desk), 1);
}

#[test]
fn a_set_can_be_asked_about_and_asking_is_not_running() {
    let mut desk = Desk::new();
    assert_eq!(status(&mut desk, ASK, "").as_deref(), Some("600"));
    let first = desk.process(NEW, &invoice("", &line("Glass", "")));
    assert_eq!(desk.process(ASK, "").xml, first.xml);
    assert_eq!(desk.process(ASK, "").xml, first.xml, "asking does not clear");
}

#[test]
fn what_is_cleared_is_unknown() {
    let mut desk = Desk::new();
    desk.process(NEW, &invoice("", &line("Glass", "")));
    assert_eq!(status(&mut desk, CLEAR, "").as_deref(), Some("0"));
    assert_eq!(status(&mut desk, CLEAR, "").as_deref(), Some("600"));
    desk.process(NEW, &invoice("", &line("Glass", "")));
    assert_eq!(invoices(&desk), 2, "an id that was cleared protects nothing any more");
}

#[test]
fn the_next_set_drops_the_last() {
    let mut desk = Desk::new();
    desk.process(NEW, &invoice("", &line("Glass", "")));
    desk.process(
        "onError=\"continueOnError\" oldMessageSetID=\"one\" newMessageSetID=\"two\"",
        &invoice("", &line("Glass", "")),
    );
    assert_eq!((desk.file.stored_state_count(), invoices(&desk)), (1, 2));
    assert_eq!(status(&mut desk, ASK, "").as_deref(), Some("600"));
}

#[test]
fn a_lost_state_is_known_without_an_answer() {
    let mut desk = Desk::new();
    let requests = invoice("", &line("Glass", ""));
    desk.process(NEW, &requests);
    desk.file.lose_stored_state();
    assert_eq!(status(&mut desk, ASK, "").as_deref(), Some("9002"));
    assert_eq!(status(&mut desk, NEW, &requests).as_deref(), Some("9002"));
    assert_eq!(invoices(&desk), 1);
    desk.file.forget_stored_states();
    assert_eq!(status(&mut desk, ASK, "").as_deref(), Some("600"));
}

#[test]
fn an_id_has_at_most_24_characters() {
    let mut desk = Desk::new();
    let id = "x".repeat(25);
    let attributes = format!("onError=\"continueOnError\" newMessageSetID=\"{id}\"");
    assert_eq!(status(&mut desk, &attributes, &invoice("", &line("Glass", ""))).as_deref(), Some("9004"));
    assert_eq!(invoices(&desk), 0);
    let attributes = format!("onError=\"continueOnError\" newMessageSetID=\"{}\"", &id[1..]);
    assert_eq!(status(&mut desk, &attributes, &invoice("", &line("Glass", ""))).as_deref(), Some("0"));
}

#[test]
fn a_restored_backup_knows_no_later_set() {
    let mut desk = Desk::new();
    let backup = desk.file.snapshot();
    desk.process(NEW, &invoice("", &line("Glass", "")));
    let mut restored = Desk::with(backup, desk.now);
    assert_eq!(status(&mut restored, ASK, "").as_deref(), Some("600"));
    assert_eq!(invoices(&restored), 0);
}

#[test]
fn an_error_stops_the_set_or_not() {
    let mut desk = Desk::new();
    let requests = [line("Glass", ""), line("Putty", ""), line("Labor", "")].map(|line| invoice("", &line)).concat();
    let codes = |desk: &mut Desk, on_error: &str| -> Vec<i32> {
        desk.send(&format!("onError=\"{on_error}\""), &requests).iter().map(|rs| rs.code).collect()
    };
    assert_eq!(codes(&mut desk, "stopOnError"), [0, 3140, 3231]);
    assert_eq!(codes(&mut desk, "continueOnError"), [0, 3140, 0]);
    assert_eq!(invoices(&desk), 3);
}

#[test]
fn somebody_in_the_way_refuses_writes_only() {
    let mut desk = Desk::new();
    desk.file.refuse_writes_in_use(2);
    desk.ok("<CustomerQueryRq/>");
    let request = invoice("", &line("Glass", ""));
    assert_eq!([(); 3].map(|()| desk.ask(&request).code), [3175, 3175, 0]);
    desk.file.refuse_writes_locked(1);
    let rs = desk.ask(&request);
    assert_eq!((rs.code, rs.message.contains("internals could not be locked")), (3180, true));
}

#[test]
fn a_session_that_ended_is_not_known() {
    let mut desk = Desk::new();
    desk.file.restart();
    assert_eq!(desk.hresult(&document("onError=\"stopOnError\"", "<HostQueryRq/>")), "0x8004040D");
    assert_eq!(desk.file.begin_session("C:\\other.qbw").unwrap_err().hresult, "0x8004040A");
}

#[test]
fn a_message_set_is_answered_by_a_status_of_its_own_executed_or_not() {
    for (code, is_executed) in [(600, false), (9001, false), (9002, true), (9003, true), (9004, false), (9005, true)] {
        let mut desk = Desk::new();
        desk.file.refuse_document("1042", code, "");
        let invoice = "<InvoiceAddRq requestID=\"1\"><InvoiceAdd><CustomerRef><FullName>Anna</FullName></CustomerRef>\
                       <RefNumber>1042</RefNumber><InvoiceLineAdd><ItemRef><FullName>Glass</FullName></ItemRef>\
                       </InvoiceLineAdd></InvoiceAdd></InvoiceAddRq>";
        let xml = desk.process("onError=\"continueOnError\" newMessageSetID=\"a\"", invoice).xml;
        assert!(xml.contains(&format!("messageSetStatusCode=\"{code}\"")) && !xml.contains("InvoiceAddRs"), "{xml}");
        assert_eq!(invoices(&desk), usize::from(is_executed), "{code}");
    }
}
