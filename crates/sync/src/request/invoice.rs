use bookferry_qbxml::message::invoice::{
    InvoiceAdd, InvoiceAddRq, InvoiceLine, InvoiceLineAdd, InvoiceLineGroupMod, InvoiceLineMod, InvoiceMod,
    InvoiceModLine, InvoiceModRq,
};
use bookferry_qbxml::message::txn::Rate;
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Amount, Date, EditSequence, Quantity, Ref, TxnId, TxnLineId};

use super::list::bill_address;
use super::{
    Change, INVOICE_TOLD, Names, cannot_be_cleared, line, optional_line, optional_text, text, told, unfit, unread,
};
use crate::cause::Cause;
use crate::change::{Pairing, StandingLine, pair};
use crate::company::Books;
use crate::facts::ItemKind;
use crate::line_item;
use crate::list::ListKind;
use crate::need::Need;
use crate::plan::Candidate;
use crate::record::{Invoice, Line};
use crate::submission::Posted;

/// QuickBooks computes the tax itself, from the tax item and from which lines are taxable (qbxml.md section 11).
pub(super) fn add(
    candidate: &Candidate,
    invoice: &Invoice,
    names: &Names<'_>,
    books: &Books,
) -> Result<Request, Cause> {
    let customer = names.reference(ListKind::Customer, &invoice.customer.name, "CustomerRef")?;
    let address = invoice.customer.billing_address.as_ref();
    // Where many customers of the application's are one in QuickBooks, each has its own name on paper.
    let entry = Need::new(ListKind::Customer, &invoice.customer.name);
    let addressee = candidate.mapped.applications_name(&entry).unwrap_or(&invoice.customer.name);
    let add = InvoiceAdd {
        txn_date: Some(Date(invoice.date)),
        ref_number: Some(line("RefNumber", &invoice.number)?),
        bill_address: address.map(|address| bill_address(address, Some(addressee))).transpose()?,
        po_number: optional_line("PONumber", invoice.po_number.as_deref())?,
        terms_ref: reference(names, ListKind::Terms, invoice.terms.as_deref(), "TermsRef")?,
        due_date: invoice.due_date.map(Date),
        item_sales_tax_ref: tax_item(invoice, names, books)?,
        memo: optional_text("Memo", invoice.memo.as_deref())?,
        external_guid: candidate.mark.guid(),
        lines: invoice.lines.iter().map(|line| invoice_line(line, invoice, names, books)).collect::<Result<_, _>>()?,
        ..InvoiceAdd::new(customer)
    };
    let request = InvoiceAddRq { include_ret_element: told(&INVOICE_TOLD), ..InvoiceAddRq::new(add.into()) };
    Ok(Request::InvoiceAdd(Box::new(request)))
}

/// Writes the fields that changed. Lines that did not are named and left as they are (qbxml.md section 7).
pub(super) fn modify(
    posted: &Posted,
    change: &Change<'_, Invoice>,
    names: &Names<'_>,
    books: &Books,
) -> Result<Request, Cause> {
    let Change { sent, now, standing } = *change;
    let differs = |is_it: bool| is_it.then_some(now);
    let customer = differs(sent.customer.name != now.customer.name);
    let address = differs(sent.customer.billing_address != now.customer.billing_address);
    let address = address.and_then(|now| now.customer.billing_address.as_ref());
    let tax = differs(sent.sales_tax.as_ref().map(|tax| &tax.item) != now.sales_tax.as_ref().map(|tax| &tax.item));
    let terms = differs(sent.terms != now.terms);
    let due_date = differs(sent.due_date != now.due_date);
    let is_taken_away = |sent: bool, now: bool| sent && !now;
    for (field, is_taken) in [
        ("terms", is_taken_away(sent.terms.is_some(), now.terms.is_some())),
        ("due date", is_taken_away(sent.due_date.is_some(), now.due_date.is_some())),
        (
            "billing address",
            is_taken_away(
                sent.customer.billing_address.is_some(),
                address.is_some() || sent.customer.billing_address == now.customer.billing_address,
            ),
        ),
        ("sales tax item", is_taken_away(sent.sales_tax.is_some(), now.sales_tax.is_some())),
    ] {
        if is_taken {
            return Err(cannot_be_cleared(field));
        }
    }
    let base = InvoiceMod::new(
        TxnId::new(posted.txn_id.as_str()).map_err(unfit)?,
        EditSequence::new(standing.edit_sequence.as_str()).map_err(unfit)?,
    );
    let modification = InvoiceMod {
        customer_ref: customer
            .map(|now| names.reference(ListKind::Customer, &now.customer.name, "CustomerRef"))
            .transpose()?,
        txn_date: differs(sent.date != now.date).map(|now| Date(now.date)),
        ref_number: differs(sent.number != now.number).map(|now| line("RefNumber", &now.number)).transpose()?,
        bill_address: address.map(|address| bill_address(address, Some(&now.customer.name))).transpose()?,
        po_number: differs(sent.po_number != now.po_number)
            .map(|now| line("PONumber", now.po_number.as_deref().unwrap_or_default()))
            .transpose()?,
        terms_ref: reference(names, ListKind::Terms, terms.and_then(|now| now.terms.as_deref()), "TermsRef")?,
        due_date: due_date.and_then(|now| now.due_date).map(Date),
        item_sales_tax_ref: tax.map(|now| tax_item(now, names, books)).transpose()?.flatten(),
        memo: differs(sent.memo != now.memo)
            .map(|now| text("Memo", now.memo.as_deref().unwrap_or_default()))
            .transpose()?,
        lines: lines(change, names, books)?,
        ..base
    };
    let request = InvoiceModRq { include_ret_element: told(&INVOICE_TOLD), ..InvoiceModRq::new(modification) };
    Ok(Request::InvoiceMod(Box::new(request)))
}

/// All lines, since those that are left out are deleted.
fn lines(change: &Change<'_, Invoice>, names: &Names<'_>, books: &Books) -> Result<Vec<InvoiceModLine>, Cause> {
    let Change { sent, now, standing } = *change;
    let is_taxed_otherwise = sent.sales_tax.is_some() != now.sales_tax.is_some();
    let is_as_sent = standing.has_lines_of(sent);
    if sent.lines == now.lines && !is_taxed_otherwise {
        return standing.lines.iter().map(kept).collect();
    }
    let mut lines = Vec::with_capacity(now.lines.len());
    for (line, pairing) in now.lines.iter().zip(pair(&sent.lines, &now.lines, is_taxed_otherwise)) {
        let place = match pairing {
            Pairing::Kept(place) | Pairing::Rewritten(place) if is_as_sent => standing.lines.get(place),
            // Somebody changed the lines in QuickBooks, and a person has decided that ours take their place.
            Pairing::Kept(_) | Pairing::Rewritten(_) | Pairing::New => None,
        };
        lines.push(match (pairing, place) {
            (Pairing::Kept(_), Some(standing)) => kept(standing)?,
            (Pairing::Rewritten(place), Some(standing))
                if may_take_place(sent.lines.get(place), line, standing, names) =>
            {
                rewritten(TxnLineId::new(standing.txn_line_id.as_str()).map_err(unfit)?, line, now, names, books)?
            }
            _ => rewritten(TxnLineId::new_line(), line, now, names, books)?,
        });
    }
    Ok(lines)
}

fn kept(line: &StandingLine) -> Result<InvoiceModLine, Cause> {
    let id = TxnLineId::new(line.txn_line_id.as_str()).map_err(unfit)?;
    Ok(if line.is_group {
        InvoiceModLine::Group(InvoiceLineGroupMod::new(id))
    } else {
        InvoiceModLine::Line(InvoiceLineMod::new(id))
    })
}

/// Quantity, rate and amount cannot be taken away from a line that has them, nor an item (qbxml.md section 7).
fn may_take_place(sent: Option<&Line>, line: &Line, standing: &StandingLine, names: &Names<'_>) -> bool {
    let loses = |had: bool, has: bool| had && !has;
    let kind = |line: &Line| line.item.as_deref().and_then(|item| names.item_kind(item));
    !standing.is_group
        && sent.is_some_and(|sent| {
            !loses(quantity(sent, kind(sent)).is_some(), quantity(line, kind(line)).is_some())
                && kind(line) != Some(ItemKind::Subtotal)
                && sent.item.is_some() == line.item.is_some()
                && !loses(sent.description.is_some(), line.description.is_some())
                && !loses(sent.class.is_some(), line.class.is_some())
        })
}

fn rewritten(
    txn_line_id: TxnLineId,
    line: &Line,
    invoice: &Invoice,
    names: &Names<'_>,
    books: &Books,
) -> Result<InvoiceModLine, Cause> {
    let InvoiceLine::Line(add) = invoice_line(line, invoice, names, books)? else { return Err(unread()) };
    Ok(InvoiceModLine::Line(InvoiceLineMod {
        item_ref: add.item_ref,
        desc: add.desc,
        quantity: add.quantity,
        rate: add.rate,
        class_ref: add.class_ref,
        amount: add.amount,
        sales_tax_code_ref: add.sales_tax_code_ref,
        ..InvoiceLineMod::new(txn_line_id)
    }))
}

fn tax_item(invoice: &Invoice, names: &Names<'_>, books: &Books) -> Result<Option<Ref<31>>, Cause> {
    match &invoice.sales_tax {
        None => Ok(None),
        Some(tax) if books.may_charge_sales_tax() => {
            names.reference(ListKind::SalesTaxItem, &tax.item, "ItemSalesTaxRef").map(Some)
        }
        Some(tax) if tax.amount == Amount::ZERO => Ok(None),
        Some(_) => Err(Cause::new(
            "sales_tax_off",
            "This invoice has sales tax, but sales tax is switched off in QuickBooks, which would book it without. Switch it \
             on there (Edit, Preferences, Sales Tax), then press Retry.",
            "",
        )),
    }
}

fn invoice_line(line: &Line, invoice: &Invoice, names: &Names<'_>, books: &Books) -> Result<InvoiceLine, Cause> {
    let mut add =
        InvoiceLineAdd { desc: optional_text("Desc", line.description.as_deref())?, ..InvoiceLineAdd::default() };
    if let Some(item) = &line.item {
        let item = names.named(ListKind::Item, item);
        let kind = item.kind(names.created);
        add.item_ref = Some(item.reference("ItemRef")?);
        add.class_ref = reference(names, ListKind::Class, line.class.as_deref(), "ClassRef")?;
        add.sales_tax_code_ref = tax_code(line, invoice, books)?;
        price(line, kind, &mut add);
    }
    Ok(InvoiceLine::Line(add))
}

/// Quantity and rate where their product is exactly the amount; else the amount, from which QuickBooks computes the rate.
/// Given rate and amount together it would ignore the rate (qbxml.md section 10.1).
fn price(line: &Line, kind: Option<ItemKind>, add: &mut InvoiceLineAdd) {
    add.quantity = quantity(line, kind);
    match (add.quantity, line.rate) {
        (Some(quantity), Some(rate)) if line.amount.is_exactly(quantity, rate) => add.rate = Some(Rate::Rate(rate)),
        (Some(_) | None, _) => add.amount = Some(line.amount).filter(|_| kind.is_none_or(line_item::takes_amount)),
    }
}

/// A discount's line must not say how many (qbxml.md section 9.4).
fn quantity(line: &Line, kind: Option<ItemKind>) -> Option<Quantity> {
    line.quantity.filter(|_| kind.is_none_or(line_item::takes_quantity))
}

/// Each line says whether it is taxable: the defaults of customers and items are not ours to rely on.
fn tax_code(line: &Line, invoice: &Invoice, books: &Books) -> Result<Option<Ref<3>>, Cause> {
    let is_taxable = invoice.sales_tax.is_some() && line.taxable.unwrap_or(true);
    let code = if is_taxable { &books.taxable_code } else { &books.non_taxable_code };
    match (&books.taxable_code, code) {
        (Some(_), Some(code)) => Ok(Some(Ref::by_name(super::line("SalesTaxCodeRef", code)?))),
        (Some(_), None) | (None, _) => Ok(None),
    }
}

fn reference<const MAX: usize>(
    names: &Names<'_>,
    list: ListKind,
    name: Option<&str>,
    field: &'static str,
) -> Result<Option<Ref<MAX>>, Cause> {
    name.map(|name| names.reference(list, name, field)).transpose()
}
