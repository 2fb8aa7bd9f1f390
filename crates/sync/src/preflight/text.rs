use std::fmt::Display;

use bookferry_qbxml::value::{Transliterated, UNBOUNDED, transliterate};

use super::finding::{Field, Findings};
use super::{PreflightContext, length, reference};
use crate::facts::ItemKind;
use crate::list::{ListKind, single_blanked};

/// The most characters of a text that a message repeats.
const QUOTE_LENGTH_MAX: usize = 60;
/// The most replaced characters that a message lists.
const REPLACED_MAX: usize = 8;

/// What names of a list are held to. A part is what stands between colons.
#[derive(Clone, Copy)]
pub(super) struct NameRule<'a> {
    list: ListKind,
    part_length_max: usize,
    full_length_max: usize,
    /// What the part after a colon is, where QuickBooks keeps entries under entries.
    sub_entry: Option<&'static str>,
    /// As what an item is created where it is missing. Few are, so it is only worked out then.
    created_as: Option<&'a dyn Fn() -> ItemKind>,
}

pub(super) const CUSTOMER: NameRule<'_> =
    rule(ListKind::Customer, length::CUSTOMER_NAME, length::CUSTOMER_FULL_NAME, Some("job"));
const ITEM: NameRule<'_> = rule(ListKind::Item, length::ITEM_NAME, UNBOUNDED, Some("sub-item"));
pub(super) const CLASS: NameRule<'_> = rule(ListKind::Class, length::CLASS, length::CLASS, Some("subclass"));
pub(super) const ACCOUNT: NameRule<'_> = rule(ListKind::Account, length::ACCOUNT, length::ACCOUNT, Some("subaccount"));
pub(super) const TERMS: NameRule<'_> = rule(ListKind::Terms, length::TERMS, length::TERMS, None);
pub(super) const SALES_TAX_ITEM: NameRule<'_> =
    rule(ListKind::SalesTaxItem, length::SALES_TAX_ITEM, length::SALES_TAX_ITEM, None);
pub(super) const PAYMENT_METHOD: NameRule<'_> =
    rule(ListKind::PaymentMethod, length::PAYMENT_METHOD, length::PAYMENT_METHOD, None);

const fn rule(
    list: ListKind,
    part_length_max: usize,
    full_length_max: usize,
    sub_entry: Option<&'static str>,
) -> NameRule<'static> {
    NameRule { list, part_length_max, full_length_max, sub_entry, created_as: None }
}

/// Of an item that would be created as one of this kind.
pub(super) const fn item(created_as: &dyn Fn() -> ItemKind) -> NameRule<'_> {
    NameRule { created_as: Some(created_as), ..ITEM }
}

/// Checks a document's number: a line that must stay readable, since people find the document by it.
pub(super) fn number(what: &str, length_max: usize, text: &str, findings: &mut Findings) {
    let field = format_args!("/number");
    check_readable(what, field, text, findings);
    line(what, length_max, field, Some(text), findings);
}

/// Checks a text that is one line in QuickBooks.
pub(super) fn line(what: &str, length_max: usize, field: Field<'_>, text: Option<&str>, findings: &mut Findings) {
    let Some(text) = text else { return };
    let sent = transliterate(text);
    if sent.text.trim().contains(['\n', '\t']) {
        let message = format!(
            "The {what} {} holds a line break or a tab, and QuickBooks keeps it on one line. Put it on one line in your \
             application.",
            quote(text)
        );
        findings.refused(field, "line_break", message);
    }
    check_length(what, length_max, field, sent.text.trim(), findings);
    tell_replaced(what, field, text, &sent, findings);
}

/// Checks a text that may have several lines in QuickBooks.
pub(super) fn multi_line(what: &str, length_max: usize, field: Field<'_>, text: Option<&str>, findings: &mut Findings) {
    let Some(text) = text else { return };
    let sent = transliterate(text);
    check_length(what, length_max, field, sent.text.trim(), findings);
    tell_replaced(what, field, text, &sent, findings);
}

/// Checks the name of a list's entry, by which QuickBooks finds or creates it.
pub(super) fn name(
    rule: NameRule<'_>,
    field: Field<'_>,
    text: &str,
    context: &PreflightContext<'_>,
    findings: &mut Findings,
) {
    let what = format_args!("{} name", rule.list.noun());
    let sent = transliterate(text);
    let full_name = single_blanked(&sent.text);
    check_length(what, rule.full_length_max, field, &full_name, findings);
    if full_name.split(':').any(str::is_empty) {
        let message = format!(
            "In the {what} {} nothing stands before or after a colon, or nothing at all. Correct the name in your \
             application.",
            quote(text)
        );
        findings.refused(field, "empty_name", message);
    } else if let Some((parents, name)) = full_name.rsplit_once(':') {
        check_colon(rule, field, text, (parents, name), findings);
    }
    for part in full_name.split(':').filter(|_| rule.part_length_max < rule.full_length_max) {
        check_length(what, rule.part_length_max, field, part, findings);
    }
    for part in text.split(':') {
        check_readable(what, field, part, findings);
    }
    if text.trim().contains(['\n', '\r', '\t']) {
        let message = format!("The line break or tab in the {what} {} will be a blank.", quote(text));
        findings.changed(field, "line_break", message);
    }
    tell_replaced(what, field, text, &sent, findings);
    reference::check((rule.list, rule.created_as), field, &full_name, context, findings);
}

/// What stands behind the last colon of a name is a step down, where there are steps.
fn check_colon(
    rule: NameRule<'_>,
    field: Field<'_>,
    text: &str,
    (parents, name): (&str, &str),
    findings: &mut Findings,
) {
    let Some(sub_entry) = rule.sub_entry else {
        let (noun, text) = (rule.list.noun(), quote(text));
        let message = format!("The {noun} name {text} holds a colon, which QuickBooks does not allow there.");
        return findings.refused(field, "colon", message);
    };
    let message = format!(
        "QuickBooks reads the colon as a step down: the {sub_entry} {} of {}. If that is not meant, take the colon \
         out of the name.",
        quote(name),
        quote(parents)
    );
    findings.note(field, "sub_entry", message);
}

fn check_length(what: impl Display, length_max: usize, field: Field<'_>, text: &str, findings: &mut Findings) {
    let length = text.chars().count();
    if length > length_max {
        let message = format!(
            "The {what} {} has {length} characters; QuickBooks holds {length_max}. Shorten it in your application.",
            quote(text)
        );
        findings.refused(field, "too_long", message);
    }
}

/// A name of question marks would be created and would be the same for everybody.
fn check_readable(what: impl Display, field: Field<'_>, text: &str, findings: &mut Findings) {
    let is_lost = |text: &str| text.chars().all(|character| character == '?' || character.is_whitespace());
    if !is_lost(text) && is_lost(&transliterate(text).text) {
        let message = format!(
            "QuickBooks cannot hold a single character of the {what} {}. Write it in Latin letters in your application.",
            quote(text)
        );
        findings.refused(field, "unreadable", message);
    }
}

/// Says what stands for what. A carriage return before a line feed is no character to miss.
fn tell_replaced(what: impl Display, field: Field<'_>, text: &str, sent: &Transliterated<'_>, findings: &mut Findings) {
    let replaced = || sent.replaced.iter().filter(|(character, _)| *character != '\r');
    let shown: Vec<String> = replaced().take(REPLACED_MAX).map(|&(from, to)| replacement(from, to)).collect();
    if shown.is_empty() {
        return;
    }
    let more = if replaced().count() > REPLACED_MAX { ", and so on" } else { "" };
    let message = format!(
        "QuickBooks cannot hold every character of the {what} {}: {}{more}. There it will read {}; here it stays as it is.",
        quote(text),
        shown.join(", "),
        quote(&sent.text)
    );
    findings.changed(field, "transliterated", message);
}

fn replacement(from: char, to: &str) -> String {
    let is_seen =
        !from.is_whitespace() && !from.is_control() && !matches!(from, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}');
    let from = if is_seen { format!("\u{201c}{from}\u{201d}") } else { format!("U+{:04X}", u32::from(from)) };
    match to {
        "" => format!("{from} is left out"),
        "\n" => format!("{from} becomes a line break"),
        " " => format!("{from} becomes a blank"),
        to => format!("{from} becomes \u{201c}{to}\u{201d}"),
    }
}

pub(super) fn quote(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(QUOTE_LENGTH_MAX) {
        Some((end, _)) => format!("\u{201c}{}\u{2026}\u{201d}", text.get(..end).unwrap_or(&text)),
        None => format!("\u{201c}{text}\u{201d}"),
    }
}
