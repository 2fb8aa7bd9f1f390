//! What the catalogue makes of codes and of QuickBooks' own words.

use bookferry_qbxml::status::{Class, Severity, Status, Who, Written, entries, explain};

fn status(code: i64, message: &str) -> Status {
    Status { code, severity: Severity::of_code(code), message: message.to_owned() }
}

fn class(code: i64, message: &str) -> Class {
    explain(&status(code, message)).class
}

/// The codes of qbxml.md sections 4 and 12.
const KNOWN: &[i64] = &[
    0, 1, 500, 501, 510, 530, 531, 540, 550, 560, 570, 600, 1000, 1010, 1030, 1060, 2000, 2040, 3000, 3010, 3020, 3030,
    3031, 3035, 3040, 3045, 3050, 3060, 3065, 3070, 3080, 3085, 3090, 3100, 3101, 3110, 3120, 3121, 3130, 3140, 3141,
    3150, 3151, 3152, 3153, 3160, 3161, 3162, 3170, 3171, 3172, 3173, 3175, 3176, 3177, 3180, 3185, 3190, 3200, 3205,
    3210, 3220, 3230, 3231, 3240, 3250, 3260, 3261, 3262, 3263, 3270, 3280, 3290, 3300, 3310, 9001, 9002, 9003, 9004,
    9005, 9100, 9199,
];

#[test]
fn every_code_of_the_reference_has_one_entry() {
    for &code in KNOWN {
        assert_eq!(entries().filter(|entry| entry.is_about(code)).count(), 1, "{code}");
    }
}

#[test]
fn sentences_are_calm() {
    for entry in entries() {
        for sentence in [entry.what, entry.what_to_do] {
            assert!(sentence.ends_with('.') && sentence.chars().next().is_some_and(char::is_uppercase), "{sentence}");
            assert!(!sentence.contains('!') && !sentence.to_lowercase().contains("please"), "{sentence}");
        }
        let is_done = matches!(entry.class, Class::Ok);
        assert!(!is_done || entry.who == Who::Nobody, "{entry:?}");
    }
}

#[test]
fn a_lock_is_told_from_other_causes_by_its_words() {
    assert_eq!(
        class(3180, "There was an error when saving. This List has been Modified by Another User."),
        Class::Busy
    );
    assert_eq!(class(3180, "QuickBooks error message: Internals could not be locked."), Class::Busy);
    assert_eq!(class(3170, "The record cannot be locked because it is ALREADY IN USE"), Class::Busy);
    assert_eq!(class(3180, "You cannot record a blank transaction."), Class::MendAndRetry);
    assert_eq!(class(3170, "The account type cannot be changed."), Class::MendAndRetry);
    assert_eq!(class(3175, ""), Class::Busy);
    assert_eq!(class(3140, "This list element is in use"), Class::MendAndRetry);
}

#[test]
fn unknown_codes_are_judged_by_range_and_quote_quickbooks() {
    assert_eq!(class(42, ""), Class::Ok);
    assert_eq!(class(599, ""), Class::Warning);
    assert_eq!(class(3099, ""), Class::Fatal);
    assert_eq!(class(-1, ""), Class::Fatal);
    let unknown = explain(&status(4711, " The moon is full. "));
    assert_eq!((unknown.class, unknown.who, unknown.written), (Class::MendAndRetry, Who::Bookkeeper, Written::No));
    assert!(unknown.what.contains("\u{201c}The moon is full.\u{201d}"), "{}", unknown.what);
}

#[test]
fn what_may_have_been_written_is_never_said_to_be_safe() {
    for code in [600, 1000, 9002, 9005] {
        assert_eq!(explain(&status(code, "")).written, Written::Unknown, "{code}");
    }
}
