use std::borrow::Cow;

use bookferry_qbxml::value::{Amount, Percent};
use bookferry_simulator::SplitMix64;
use bookferry_simulator::fault::{Fault, Faults};
use bookferry_sync::company::Settings;
use bookferry_sync::submission::{Attention, Event, State, Status};
use jiff::SignedDuration;

use crate::office::{BOTH, Office, On};

/// On 250.00 the simulated QuickBooks computes 8 %, which is 20.00.
const ROUNDED_OTHERWISE: &str = "20.01";
const COMPUTED_OTHERWISE: &str = "20.06";

const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";
/// How many invoices of any rate and any amounts are computed both ways.
const INVOICES: u32 = 300;

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

#[test]
fn a_line_to_the_adjusting_item_brings_an_invoice_to_the_application_s_total() {
    for on in BOTH {
        let mut office = Office::open(on, adjusting("adjust Rounding"));
        office
            .file
            .add_entry("ItemOtherCharge", &format!("<Name>Rounding</Name>{SOLD}"), office.now())
            .expect("an item");
        office.visit();
        invoice(&mut office, 1, ROUNDED_OTHERWISE);
        invoice(&mut office, 2, "20.00");
        invoice(&mut office, 3, COMPUTED_OTHERWISE);
        invoice(&mut office, 4, "19.97");
        assert_eq!(tax_findings(&office, 1), ["tax_difference_adjusted"], "{on:?}");
        assert_eq!((tax_findings(&office, 2), tax_findings(&office, 3)), (vec![], vec!["tax_differs".into()]));
        office.visit();
        assert_eq!(
            office.items_sold(),
            ["Windshield", "Rounding", "Windshield", "Windshield", "Windshield", "Rounding"]
        );
        for number in [1, 2, 4] {
            let line = office.line(number);
            assert_eq!((line.state.status(), line.warning), (Status::Submitted, None), "{on:?} {number}");
        }
        let state = office.line(3).state;
        assert!(matches!(state, State::NeedsAttention(Attention::Differs { .. })), "more than the limit: {state:?}");
        let invoices = &office.file.report().transactions["Invoice"];
        assert_eq!(
            (invoices.total.as_str(), invoices.tax.as_str()),
            ("1079.98", "80.00"),
            "270.01, 270, 270 and 269.97"
        );
    }
}

/// The adjusting line was sent by us, and is no difference; another date is.
#[test]
fn an_adjusted_invoice_that_somebody_touched_has_no_line_too_many() {
    for on in BOTH {
        let mut office = Office::open(on, adjusting("adjust Rounding"));
        office.visit();
        invoice(&mut office, 1, ROUNDED_OTHERWISE);
        office.visit();
        assert_eq!(office.items_sold(), ["Windshield", "Rounding"], "{on:?}");
        touch(&mut office, "<Memo>Call before noon</Memo>");
        office.reconcile();
        office.visit();
        assert_eq!(office.line(1).state.status(), Status::Submitted, "{on:?}: {:?}", office.line(1).state);
        touch(&mut office, "<TxnDate>2026-11-20</TxnDate>");
        office.reconcile();
        office.visit();
        let state = office.line(1).state;
        let State::NeedsAttention(Attention::Differs { cause, .. }) = &state else { panic!("{on:?}: {state:?}") };
        assert_eq!(cause.detail, "date: 2026-11-02 sent, 2026-11-20 in QuickBooks now", "{on:?}");
    }
}

/// Somebody changes a field of the only invoice, in QuickBooks.
fn touch(office: &mut Office, field: &str) {
    let shown = office.in_quickbooks("<InvoiceQueryRq/>");
    let of = |name: &str| {
        let from = shown.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split('<').next());
        from.expect("the field").to_owned()
    };
    office.in_quickbooks(&format!(
        "<InvoiceModRq><InvoiceMod><TxnID>{}</TxnID><EditSequence>{}</EditSequence>{field}</InvoiceMod></InvoiceModRq>",
        of("TxnID"),
        of("EditSequence")
    ));
}

#[test]
fn an_invoice_that_was_adjusted_is_changed_and_adjusted_anew() {
    for on in BOTH {
        let mut office = Office::open(on, adjusting("adjust Rounding"));
        office.visit();
        invoice(&mut office, 1, ROUNDED_OTHERWISE);
        office.visit();
        assert_eq!(office.line(1).state.status(), Status::Submitted, "{on:?}: the item was created");
        let changed = r#"{"number":"1","date":"2026-11-02","customer":{"name":"Harbor Taxi"},
            "lines":[{"item":"Windshield","amount":"500.00"}],
            "sales_tax":{"item":"State Tax","amount":"39.99"},"total":"539.99"}"#;
        let id = office.take_in(1, changed);
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(office.line(1).state.status(), Status::Submitted, "{on:?}: {:?}", office.line(1));
        let invoices = &office.file.report().transactions["Invoice"];
        assert_eq!((invoices.count, invoices.total.as_str(), invoices.tax.as_str()), (1, "539.99", "40.00"));
        assert_eq!(office.items_sold(), ["Windshield", "Rounding"]);
    }
}

#[test]
fn an_adjusting_item_that_cannot_take_the_line_is_told_and_nothing_is_written() {
    let mut office = Office::open(On::Sqlite, Settings { create: Vec::new(), ..adjusting("adjust Rounding") });
    let now = office.now();
    office.file.add_entry("Customer", "<Name>Harbor Taxi</Name>", now).expect("a customer");
    office.file.add_entry("ItemService", &format!("<Name>Windshield</Name>{SOLD}"), now).expect("an item");
    office.visit();
    invoice(&mut office, 1, ROUNDED_OTHERWISE);
    invoice(&mut office, 2, "20.00");
    assert_eq!((office.refusals(1), office.refusals(2)), (vec!["adjusting_item".into()], vec![]));
    office.visit();
    assert_eq!(office.cause_code(1), "adjusting_item");
    assert_eq!(office.line(2).state.status(), Status::Submitted, "it needs no adjusting");
    office.file.add_entry("ItemService", &format!("<Name>Rounding</Name>{SOLD}"), now).expect("the item");
    office.happens(office.line(1).id, Event::Retry);
    office.visit();
    assert_eq!(office.line(1).state.status(), Status::Submitted);
}

#[test]
fn the_tax_is_foretold_for_groups_exempt_customers_and_lines_that_are_not_taxed() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        let now = office.now();
        for (name, rate) in [("County", "6.25"), ("City", "1.875")] {
            let fields = format!("<Name>{name}</Name><TaxRate>{rate}</TaxRate>");
            office.file.add_entry("ItemSalesTax", &fields, now).expect("a tax");
        }
        let members = "<ItemSalesTaxRef><FullName>County</FullName></ItemSalesTaxRef>\
            <ItemSalesTaxRef><FullName>City</FullName></ItemSalesTaxRef>";
        office.file.add_entry("ItemSalesTaxGroup", &format!("<Name>Town</Name>{members}"), now).expect("a group");
        let exempt = "<Name>Parish</Name><SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef>";
        office.file.add_entry("Customer", exempt, now).expect("a customer");
        office.visit();
        // 8.125 % of 10.00 is 0.8125.
        let cases = [
            (1, "Harbor Taxi", "Town", "0.81", true),
            (2, "Harbor Taxi", "Town", "0.82", false),
            (3, "Parish", "Town", "0.81", false),
            (4, "Parish", "Town", "0.00", true),
            (5, "Harbor Taxi", "City", "0.19", true),
            (6, "Harbor Taxi", "City", "0.18", false),
        ];
        for (number, customer, item, tax, _) in cases {
            let cents: u32 = tax.replace('.', "").parse().expect("cents");
            let json = format!(
                r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"{customer}"}},
                "lines":[{{"item":"Windshield","amount":"10.00"}},{{"item":"Labor","amount":"7.00","taxable":false}}],
                "sales_tax":{{"item":"{item}","amount":"{tax}"}},"total":"17.{cents:02}"}}"#
            );
            office.take_in(number, &json);
        }
        let told: Vec<bool> = cases.iter().map(|case| tax_findings(&office, case.0).is_empty()).collect();
        assert_eq!(told, cases.map(|case| case.4), "{on:?}");
        office.release_all();
        office.visit();
        for (number, .., agrees) in cases {
            let is_submitted = office.line(number).state.status() == Status::Submitted;
            assert_eq!(is_submitted, agrees, "{on:?} {number}: {:?}", office.line(number));
        }
    }
}

/// Invoices as a shop computes them, which rounds line by line, against the simulator's own arithmetic.
#[test]
fn many_invoices_whose_tax_was_rounded_by_the_line_all_come_to_their_totals() {
    let mut office = Office::open(On::Sqlite, adjusting("adjust 0.10 Rounding"));
    let mut random = SplitMix64::new(7);
    let rates = ["8.25", "6.875", "7.1", "0.1", "19", "10.00001"];
    let now = office.now();
    for (index, rate) in rates.iter().enumerate() {
        let fields = format!("<Name>Tax {index}</Name><TaxRate>{rate}</TaxRate>");
        office.file.add_entry("ItemSalesTax", &fields, now).expect("a tax");
    }
    office.visit();
    let (mut total, mut adjusted) = (0, 0);
    for number in 1..=INVOICES {
        let (json, cents) = rounded_by_the_line(number, &rates, &mut random);
        office.take_in(number, &json);
        total += cents;
        let told = tax_findings(&office, number);
        adjusted += usize::from(told == ["tax_difference_adjusted"]);
        assert!(told.is_empty() || told == ["tax_difference_adjusted"], "{told:?}");
    }
    office.release_all();
    office.visit();
    assert_eq!(office.count(Status::Submitted), u64::from(INVOICES));
    let in_quickbooks = &office.file.report().transactions["Invoice"].total;
    assert_eq!(in_quickbooks.replace('.', "").parse(), Ok(total), "{in_quickbooks}");
    let lines = office.items_sold().iter().filter(|item| *item == "Rounding").count();
    assert_eq!(lines, adjusted, "as many as were foretold");
    assert!(adjusted > usize::try_from(INVOICES).expect("few") / 4, "{adjusted} of {INVOICES} had something to adjust");
}

/// An invoice's JSON and its total in cents.
fn rounded_by_the_line(number: u32, rates: &[&str], random: &mut SplitMix64) -> (String, i64) {
    let of = usize::try_from(random.below(u64::try_from(rates.len()).expect("few"))).expect("few");
    let rate: Percent = rates[of].parse().expect("a rate");
    let (mut lines, mut net, mut tax) = (Vec::new(), 0, 0);
    for _ in 0..=random.below(6) {
        let amount = Amount::from_cents(i64::try_from(random.below(40_000)).expect("cents") + 1).expect("an amount");
        lines.push(format!(r#"{{"item":"Windshield","amount":"{amount}"}}"#));
        net += amount.cents();
        tax += amount.percent(rate).expect("a tax").cents();
    }
    let amount = |cents| Amount::from_cents(cents).expect("an amount");
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},"lines":[{}],
        "sales_tax":{{"item":"Tax {of}","amount":"{}"}},"total":"{}"}}"#,
        lines.join(","),
        amount(tax),
        amount(net + tax)
    );
    (json, net + tax)
}

/// What preflight says of the sales tax's amount.
fn tax_findings(office: &Office, number: u32) -> Vec<Cow<'static, str>> {
    let findings = office.findings(number).into_iter();
    findings.filter(|finding| finding.field == "/sales_tax/amount").map(|finding| finding.code).collect()
}

fn adjusting(rule: &str) -> Settings {
    Settings { tax_difference: rule.parse().expect("a rule"), ..Settings::default() }
}

fn accepting() -> Settings {
    Settings { tax_difference: "accept".parse().expect("a rule"), ..Settings::default() }
}

/// Hands over an invoice of 250.00 with this sales tax, and releases it.
fn invoice(office: &mut Office, number: u32, tax: &str) {
    let cents: i64 = tax.replace('.', "").parse().expect("cents");
    let total = Amount::from_cents(25_000 + cents).expect("an amount");
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
        "lines":[{{"item":"Windshield","amount":"250.00"}}],
        "sales_tax":{{"item":"State Tax","amount":"{tax}"}},"total":"{total}"}}"#
    );
    office.take_in(number, &json);
    office.release_all();
}
