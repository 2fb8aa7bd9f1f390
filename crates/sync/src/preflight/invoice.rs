use bookferry_qbxml::value::Amount;

use super::finding::{Field, Findings};
use super::{PreflightContext, check_customer, check_date, length, text};
use crate::created_items;
use crate::facts::ItemKind;
use crate::line_item;
use crate::list::ListKind;
use crate::need::Need;
use crate::record::{Invoice, Line};
use crate::sales_tax;

pub(super) fn check(invoice: &Invoice, context: &PreflightContext<'_>, findings: &mut Findings) {
    text::number("invoice number", length::INVOICE_NUMBER, &invoice.number, findings);
    check_date(invoice.date, context, findings);
    if let Some(terms) = &invoice.terms {
        text::name(text::TERMS, format_args!("/terms"), terms, context, findings);
    }
    check_customer(&invoice.customer, true, context, findings);
    for (at, line) in invoice.lines.iter().enumerate() {
        check_line(line, &invoice.lines, format_args!("/lines/{at}"), context, findings);
    }
    check_sales_tax(invoice, context, findings);
    text::line(
        "purchase order number",
        length::PO_NUMBER,
        format_args!("/po_number"),
        invoice.po_number.as_deref(),
        findings,
    );
    text::multi_line("memo", length::INVOICE_MEMO, format_args!("/memo"), invoice.memo.as_deref(), findings);
}

fn check_line(line: &Line, lines: &[Line], at: Field<'_>, context: &PreflightContext<'_>, findings: &mut Findings) {
    if let Some(item) = &line.item {
        let created_as = || created_as(item, lines, context);
        text::name(text::item(&created_as), format_args!("{at}/item"), item, context, findings);
        check_kind(line, item, at, context, findings);
    } else {
        check_line_of_text(line, at, findings);
    }
    let description = line.description.as_deref();
    text::multi_line("description", length::DESCRIPTION, format_args!("{at}/description"), description, findings);
    if let Some(class) = &line.class {
        check_class(class, format_args!("{at}/class"), context, findings);
    }
}

/// As what the item would be created where it is missing: what stands below another is of that one's kind.
fn created_as(item: &str, lines: &[Line], context: &PreflightContext<'_>) -> ItemKind {
    let item = Need::new(ListKind::Item, item);
    let parents = || std::iter::successors(item.parent(), Need::parent);
    let of_parent = |parent: &Need| sales_tax::kind_of(&context.around?, &parent.full_name);
    let known = parents().find_map(|parent| of_parent(&parent));
    let top = parents().last();
    known
        .and_then(created_items::below)
        .unwrap_or_else(|| created_items::kind_by_rule(top.as_ref().unwrap_or(&item), lines, context.settings))
}

/// A discount, a group or a subtotal is taken otherwise than it is written.
fn check_kind(line: &Line, item: &str, at: Field<'_>, context: &PreflightContext<'_>, findings: &mut Findings) {
    let Some(kind) = context.around.and_then(|around| sales_tax::kind_of(&around, item)) else { return };
    if let Err(unfit) = line_item::check(line, kind) {
        findings.refused(format_args!("{at}/item"), unfit.code, unfit.text);
    } else if line.quantity.is_some() && !line_item::takes_quantity(kind) {
        let message = format!(
            "The item {} is a {} in QuickBooks, whose lines say no quantity: it is left out, and the amount stays.",
            text::quote(item),
            kind.noun()
        );
        findings.changed(format_args!("{at}/quantity"), "no_quantity", message);
    }
}

/// Without an item QuickBooks knows no account to post to, so such a line is text only (qbxml.md section 10.1).
fn check_line_of_text(line: &Line, at: Field<'_>, findings: &mut Findings) {
    if line.amount != Amount::ZERO {
        let message = format!(
            "This line has an amount of {} and no item, and QuickBooks charges for items only. Name the item in your \
             application.",
            line.amount
        );
        findings.refused(format_args!("{at}/item"), "amount_without_item", message);
    }
    for (field, stands) in [("quantity", line.quantity.is_some()), ("rate", line.rate.is_some())] {
        if stands {
            let message = format!("This line has no item, so it is text only in QuickBooks: its {field} is left out.");
            findings.changed(format_args!("{at}/{field}"), "text_only", message);
        }
    }
}

fn check_class(class: &str, field: Field<'_>, context: &PreflightContext<'_>, findings: &mut Findings) {
    if context.books.is_some_and(|books| !books.uses_classes) {
        let message = "This line names a class, and class tracking is switched off in QuickBooks. Switch it on there (Edit, \
                       Preferences, Accounting), or send the line without a class.";
        findings.refused(field, "classes_off", message.to_owned());
    }
    text::name(text::CLASS, field, class, context, findings);
}

fn check_sales_tax(invoice: &Invoice, context: &PreflightContext<'_>, findings: &mut Findings) {
    let Some(tax) = &invoice.sales_tax else { return };
    text::name(text::SALES_TAX_ITEM, format_args!("/sales_tax/item"), &tax.item, context, findings);
    if tax.amount == Amount::ZERO {
        return check_computed_tax(invoice, context, findings);
    }
    if context.books.is_some_and(|books| books.taxable_code.is_none()) {
        let message = "This has sales tax, and sales tax is switched off in QuickBooks. Switch it on there (Edit, \
                       Preferences, Sales Tax).";
        findings.refused("/sales_tax", "sales_tax_off", message.to_owned());
    }
    if invoice.lines.iter().all(|line| line.item.is_none() || line.taxable == Some(false)) {
        let message = format!(
            "This has {} of sales tax and no taxable line. QuickBooks computes the tax from the taxable lines, and would \
             come to another total.",
            tax.amount
        );
        findings.changed("/sales_tax/amount", "nothing_taxable", message);
        return;
    }
    check_computed_tax(invoice, context, findings);
}

/// QuickBooks computes the tax itself; what it will come to is told where everything that it hangs on is known.
fn check_computed_tax(invoice: &Invoice, context: &PreflightContext<'_>, findings: &mut Findings) {
    let (Some(around), Some(books), Some(ours)) = (&context.around, context.books, &invoice.sales_tax) else { return };
    let Some(foretold) = sales_tax::foretell(invoice, around, books) else { return };
    let Some(apart) = foretold.tax.checked_sub(ours.amount).filter(|apart| *apart != Amount::ZERO) else { return };
    let how = if foretold.is_exempt {
        "since the customer is not taxable there".to_owned()
    } else {
        format!("{} % of {}", foretold.rate, foretold.taxable)
    };
    let there = invoice.total.checked_add(apart).unwrap_or(invoice.total);
    let what = format!(
        "QuickBooks will compute {} of sales tax ({how}) where your application has {}, and would come to a total of {there} \
         instead of {}.",
        foretold.tax, ours.amount, invoice.total
    );
    let rule = &context.settings.tax_difference;
    if apart.e5().abs() <= rule.accepted_e5() {
        let message = format!("{what} The company accepts so small a difference.");
        findings.note("/sales_tax/amount", "tax_difference_accepted", message);
        return;
    }
    match (sales_tax::adjusted(invoice, &foretold, around, context.settings), rule.adjusting()) {
        (Ok(Some(adjusted)), Some((item, _))) => {
            let amount = adjusted.lines.last().map_or(Amount::ZERO, |line| line.amount);
            let message = format!("{what} A line of {amount} to the item {} will make up for it.", text::quote(item));
            findings.note("/sales_tax/amount", "tax_difference_adjusted", message);
        }
        (Err(cause), _) => findings.refused("/sales_tax/amount", "adjusting_item", cause.text),
        (Ok(_), _) => {
            let message = format!(
                "{what} It would stand in QuickBooks and wait under Needs Attention. Correct the tax in your application, or \
                 the rate, the customer's or the lines' sales tax code in QuickBooks; or have the company accept or adjust \
                 so small a difference, under Setup."
            );
            findings.changed("/sales_tax/amount", "tax_differs", message);
        }
    }
}
