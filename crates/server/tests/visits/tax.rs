use bookferry_simulator::fault::{Fault, Faults};
use bookferry_sync::company::Settings;
use bookferry_sync::submission::{Attention, State, Status};
use jiff::SignedDuration;

use crate::office::{BOTH, Office, On};

/// On 250.00 the simulated QuickBooks computes 8 %, which is 20.00.
const ROUNDED_OTHERWISE: &str = "20.01";
const COMPUTED_OTHERWISE: &str = "20.06";

const ACCEPTED: &str = "QuickBooks computed 20.00 of sales tax where your application has 20.01. The company accepts so small \
                        a difference; the invoice stands in QuickBooks with 20.00.";

#[test]
fn a_cent_of_tax_is_a_persons_to_look_at_unless_the_company_accepts_it() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        invoice(&mut office, 1, ROUNDED_OTHERWISE);
        office.visit();
        let state = office.line(1).state;
        assert!(matches!(state, State::NeedsAttention(Attention::Differs { .. })), "{on:?}: {state:?}");

        let mut office = Office::open(on, accepting());
        invoice(&mut office, 1, ROUNDED_OTHERWISE);
        invoice(&mut office, 2, COMPUTED_OTHERWISE);
        invoice(&mut office, 3, "20.00");
        office.visit();
        let line = office.line(1);
        assert_eq!(line.state.status(), Status::Submitted, "{on:?}");
        assert_eq!(line.warning.as_deref(), Some(ACCEPTED));
        let state = office.line(2).state;
        assert!(matches!(state, State::NeedsAttention(Attention::Differs { .. })), "more than the limit: {state:?}");
        assert_eq!((office.line(3).state.status(), office.line(3).warning), (Status::Submitted, None));
    }
}

#[test]
fn an_answer_that_was_lost_is_held_to_the_same_rule() {
    for forgets in [false, true] {
        let mut office = Office::open(On::Sqlite, accepting());
        // The first visit reads the lists and looks the names up.
        invoice(&mut office, 1, "20.00");
        office.visit();
        invoice(&mut office, 2, ROUNDED_OTHERWISE);
        office.visit_with(&mut Faults::seeded(1).with(Fault::LostAnswer, 1_000));
        assert_eq!(office.line(2).state.status(), Status::Sending);
        if forgets {
            office.file.forget_stored_states();
        }
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        let line = office.line(2);
        assert_eq!(line.state.status(), Status::Submitted, "QuickBooks forgets its message sets: {forgets}");
        assert_eq!(line.warning.as_deref(), Some(ACCEPTED), "{forgets}");
    }
}

fn accepting() -> Settings {
    Settings { tax_difference: "accept".parse().expect("a rule"), ..Settings::default() }
}

/// Hands over an invoice of 250.00 with this sales tax, and releases it.
fn invoice(office: &mut Office, number: u32, tax: &str) {
    let total = format!("27{}", tax.strip_prefix('2').expect("twenty and something"));
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
        "lines":[{{"item":"Windshield","amount":"250.00"}}],
        "sales_tax":{{"item":"State Tax","amount":"{tax}"}},"total":"{total}"}}"#
    );
    office.take_in(number, &json);
    office.release_all();
}
