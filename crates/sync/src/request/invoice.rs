use bookferry_qbxml::message::invoice::{InvoiceAdd, InvoiceAddRq, InvoiceLine, InvoiceLineAdd};
use bookferry_qbxml::message::txn::Rate;
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Amount, Date, Ref};

use super::list::bill_address;
use super::{INVOICE_TOLD, Names, line, optional_line, optional_text, told};
use crate::cause::Cause;
use crate::company::Books;
use crate::list::ListKind;
use crate::need::Need;
use crate::plan::Candidate;
use crate::record::{Invoice, Line};

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
        add.item_ref = Some(names.reference(ListKind::Item, item, "ItemRef")?);
        add.class_ref = reference(names, ListKind::Class, line.class.as_deref(), "ClassRef")?;
        add.sales_tax_code_ref = tax_code(line, invoice, books)?;
        price(line, &mut add);
    }
    Ok(InvoiceLine::Line(add))
}

/// Quantity and rate where their product is exactly the amount; else the amount, from which QuickBooks computes the rate.
/// Given rate and amount together it would ignore the rate (qbxml.md section 10.1).
fn price(line: &Line, add: &mut InvoiceLineAdd) {
    add.quantity = line.quantity;
    match (line.quantity, line.rate) {
        (Some(quantity), Some(rate)) if line.amount.is_exactly(quantity, rate) => add.rate = Some(Rate::Rate(rate)),
        (Some(_) | None, _) => add.amount = Some(line.amount),
    }
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
