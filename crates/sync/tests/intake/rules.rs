use bookferry_sync::intake::Faults;
use bookferry_sync::record::{Content, Line, RecordKind};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::generated::{content, damaged, json_value};
use super::{intake, invoice, with};

proptest! {
    #[test]
    fn any_json_is_taken_or_its_faults_have_a_place(value in json_value()) {
        for kind in RecordKind::ALL {
            check_places(&value, intake(kind, &value).err());
        }
    }

    #[test]
    fn a_damaged_record_is_taken_or_its_faults_have_a_place(value in damaged()) {
        for kind in RecordKind::ALL {
            check_places(&value, intake(kind, &value).err());
        }
    }

    #[test]
    fn what_was_written_comes_back_equal(content in content()) {
        let json = content.to_json().expect("records serialise");
        let value = serde_json::from_str(&json).expect("what serialises parses");
        prop_assert_eq!(intake(content.kind(), &value), Ok(content));
    }

    /// The total, the sum of the lines and the tax hold each other: move one by a cent and it shows.
    #[test]
    fn a_cent_more_or_less_is_told(content in content(), cents in prop_oneof![Just(-1_i64), Just(1)]) {
        let Content::Invoice(invoice) = content else { return Ok(()) };
        let total = invoice.total.cents() + cents;
        let mut value: Value = serde_json::to_value(&invoice).expect("records serialise");
        value["total"] = json!(if total < 0 { "-0.01".to_owned() } else { format!("{}.{:02}", total / 100, total % 100) });
        let faults = intake(RecordKind::Invoice, &value).expect_err("a wrong total");
        prop_assert!(faults.as_slice().iter().any(|fault| fault.pointer == "/total" && fault.code == "total_does_not_add_up"));
    }
}

#[test]
fn an_amount_left_out_is_computed_to_the_cent() {
    let computed = |line: Value, total: &str| -> Line {
        let record = with(with(invoice(), "/sales_tax", Value::Null), "/lines/0", line);
        match intake(RecordKind::Invoice, &with(record, "/total", json!(total))) {
            Ok(Content::Invoice(mut invoice)) => invoice.lines.remove(0),
            other => panic!("{other:?}"),
        }
    };
    let amount = |line, total| computed(line, total).amount.to_string();
    assert_eq!(amount(json!({"item": "A", "quantity": "3", "rate": "0.335"}), "1.01"), "1.01");
    assert_eq!(amount(json!({"item": "A", "quantity": "1.5", "rate": "0.33333"}), "0.50"), "0.50");
    assert_eq!(amount(json!({"item": "A", "rate": "7"}), "7"), "7.00");
    assert_eq!(amount(json!({"item": null, "description": "Thank you"}), "0"), "0.00");
}

/// A fault points at something that stands there, or at a place in something that stands there.
fn check_places(value: &Value, faults: Option<Faults>) {
    for fault in faults.map(Faults::into_vec).unwrap_or_default() {
        let parent = fault.pointer.rsplit_once('/').map(|(parent, _)| parent);
        let stands = value.pointer(&fault.pointer).is_some();
        let has_place = parent.is_some_and(|parent| value.pointer(parent).is_some_and(Value::is_object));
        assert!(stands || has_place, "{fault:?} has no place in {value}");
        assert!(fault.message.ends_with(['.', '?']), "{:?} is no sentence", fault.message);
    }
}
