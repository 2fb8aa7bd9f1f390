use bookferry_qbxml::value::{UNBOUNDED, transliterate};

use super::finding::Findings;
use super::{PreflightContext, length, reference};
use crate::facts::ItemKind;
use crate::list::ListKind;
use crate::need::quickbooks_name;

/// The most characters of a text that a message repeats.
const QUOTE_LENGTH_MAX: usize = 60;
/// The most replaced characters that a message lists.
const REPLACED_MAX: usize = 8;

/// What names of a list are held to. A part is what stands between colons.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameRule {
    list: ListKind,
    part_length_max: usize,
    full_length_max: usize,
    /// What the part after a colon is, where QuickBooks keeps entries under entries.
    sub_entry: Option<&'static str>,
    /// As what an item is created where it is missing.
    created_as: Option<ItemKind>,
}

pub(super) const CUSTOMER: NameRule =
    rule(ListKind::Customer, length::CUSTOMER_NAME, length::CUSTOMER_FULL_NAME, Some("job"));
const ITEM: NameRule = rule(ListKind::Item, length::ITEM_NAME, UNBOUNDED, Some("sub-item"));
pub(super) const CLASS: NameRule = rule(ListKind::Class, length::CLASS, length::CLASS, Some("subclass"));
pub(super) const ACCOUNT: NameRule = rule(ListKind::Account, length::ACCOUNT, length::ACCOUNT, Some("subaccount"));
pub(super) const TERMS: NameRule = rule(ListKind::Terms, length::TERMS, length::TERMS, None);
pub(super) const SALES_TAX_ITEM: NameRule =
    rule(ListKind::SalesTaxItem, length::SALES_TAX_ITEM, length::SALES_TAX_ITEM, None);
pub(super) const PAYMENT_METHOD: NameRule =
    rule(ListKind::PaymentMethod, length::PAYMENT_METHOD, length::PAYMENT_METHOD, None);

const fn rule(
    list: ListKind,
    part_length_max: usize,
    full_length_max: usize,
    sub_entry: Option<&'static str>,
) -> NameRule {
    NameRule { list, part_length_max, full_length_max, sub_entry, created_as: None }
}

/// Of an item that would be created as one of this kind.
pub(super) const fn item(created_as: ItemKind) -> NameRule {
    NameRule { created_as: Some(created_as), ..ITEM }
}

/// Checks a document's number: a line that must stay readable, since people find the document by it.
pub(super) fn number(what: &str, length_max: usize, text: &str, findings: &mut Findings) {
    check_readable(what, "/number", text, &transliterate(text).text, findings);
    line(what, length_max, "/number", Some(text), findings);
}

/// Checks a text that is one line in QuickBooks.
pub(super) fn line(what: &str, length_max: usize, field: &str, text: Option<&str>, findings: &mut Findings) {
    let Some(text) = text else { return };
    let sent = transliterate(text).text;
    if sent.trim().contains(['\n', '\t']) {
        let message = format!(
            "The {what} {} holds a line break or a tab, and QuickBooks keeps it on one line. Put it on one line in your \
             application.",
            quote(text)
        );
        findings.refused(field, "line_break", message);
    }
    multi_line(what, length_max, field, Some(text), findings);
}

/// Checks a text that may have several lines in QuickBooks.
pub(super) fn multi_line(what: &str, length_max: usize, field: &str, text: Option<&str>, findings: &mut Findings) {
    let Some(text) = text else { return };
    check_length(what, length_max, field, transliterate(text).text.trim(), findings);
    tell_replaced(what, field, text, findings);
}

/// Checks the name of a list's entry, by which QuickBooks finds or creates it.
pub(super) fn name(rule: NameRule, field: &str, text: &str, context: &PreflightContext<'_>, findings: &mut Findings) {
    let noun = rule.list.noun();
    let what = format!("{noun} name");
    let full_name = quickbooks_name(text);
    let parts: Vec<&str> = full_name.split(':').collect();
    check_length(&what, rule.full_length_max, field, &full_name, findings);
    if parts.iter().any(|part| part.is_empty()) {
        let message = format!(
            "In the {what} {} nothing stands before or after a colon, or nothing at all. Correct the name in your \
             application.",
            quote(text)
        );
        findings.refused(field, "empty_name", message);
    } else if let (Some((name, parents)), Some(sub_entry)) = (parts.split_last(), rule.sub_entry)
        && !parents.is_empty()
    {
        let message = format!(
            "QuickBooks reads the colon as a step down: the {sub_entry} {} of {}. If that is not meant, take the colon \
             out of the name.",
            quote(name),
            quote(&parents.join(":"))
        );
        findings.note(field, "sub_entry", message);
    } else if parts.len() > 1 {
        let message = format!("The {what} {} holds a colon, which QuickBooks does not allow there.", quote(text));
        findings.refused(field, "colon", message);
    }
    for part in parts.iter().filter(|_| rule.part_length_max < rule.full_length_max) {
        check_length(&what, rule.part_length_max, field, part, findings);
    }
    for part in text.split(':') {
        check_readable(&what, field, part, &quickbooks_name(part), findings);
    }
    if text.trim().contains(['\n', '\r', '\t']) {
        let message = format!("The line break or tab in the {what} {} will be a blank.", quote(text));
        findings.changed(field, "line_break", message);
    }
    tell_replaced(&what, field, text, findings);
    reference::check((rule.list, rule.created_as), field, &full_name, context, findings);
}

fn check_length(what: &str, length_max: usize, field: &str, text: &str, findings: &mut Findings) {
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
fn check_readable(what: &str, field: &str, text: &str, sent: &str, findings: &mut Findings) {
    let is_lost = |text: &str| text.chars().all(|character| character == '?' || character.is_whitespace());
    if !is_lost(text) && is_lost(sent) {
        let message = format!(
            "QuickBooks cannot hold a single character of the {what} {}. Write it in Latin letters in your application.",
            quote(text)
        );
        findings.refused(field, "unreadable", message);
    }
}

/// Says what stands for what. A carriage return before a line feed is no character to miss.
fn tell_replaced(what: &str, field: &str, text: &str, findings: &mut Findings) {
    let sent = transliterate(text);
    let mut replaced = sent.replaced;
    replaced.retain(|&(character, _)| character != '\r');
    if replaced.is_empty() {
        return;
    }
    let shown: Vec<String> = replaced.iter().take(REPLACED_MAX).map(|&(from, to)| replacement(from, to)).collect();
    let more = if replaced.len() > REPLACED_MAX { ", and so on" } else { "" };
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
