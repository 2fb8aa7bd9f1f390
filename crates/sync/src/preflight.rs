//! What QuickBooks would refuse or change in a record, found before the record gets there.
//!
//! Nothing here keeps a record from being handed over or released; the bookkeeper sees the findings beside it. What is known
//! around the record comes with the [`Surroundings`]; a list that was never read to its end is not judged by, and a visit
//! looks every name up once more before anything is written.

mod finding;
mod invoice;
mod length;
mod payment;
mod reference;
mod surroundings;
mod text;

pub use finding::{Finding, Severity};
pub(crate) use length::of_field;
pub use surroundings::{Around, Namesake, PaidInvoice, Surroundings};

use crate::company::{Books, Settings};
use crate::list::ListKind;
use crate::mapping::MappedNames;
use crate::record::{Address, Content, Customer};
use crate::submission::Status;
use finding::Findings;

/// What a record is held against.
#[derive(Debug, Clone, Copy)]
pub struct PreflightContext<'a> {
    pub settings: &'a Settings,
    /// What is known of the company file; nothing before the first visit, and then nothing is said about it.
    pub books: Option<&'a Books>,
    /// The company's currency, by its ISO 4217 code.
    pub home_currency: &'a str,
    /// Which of the record's names were others before its mappings were applied.
    pub mapped: Option<&'a MappedNames>,
    /// What is known of the lists and of the other records; without it nothing is said about them.
    pub around: Option<Around<'a>>,
}

/// Everything about `content` that can be told before QuickBooks is asked, in the order of the record's fields.
pub fn preflight(content: &Content, context: &PreflightContext<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    match content {
        Content::Invoice(content) => invoice::check(content, context, &mut findings),
        Content::Payment(content) => payment::check(content, context, &mut findings),
    }
    check_number(content, context, &mut findings);
    check_currency(content, context, &mut findings);
    findings.found
}

/// A second record with the number is not refused by QuickBooks, which takes any number twice (qbxml.md section 14).
fn check_number(content: &Content, context: &PreflightContext<'_>, findings: &mut Findings) {
    let Some(namesake) = context.around.and_then(|around| around.namesake(content.kind())) else { return };
    let kind = content.kind().as_str();
    let where_it_is = match namesake.status {
        Status::Submitted => "and is in QuickBooks already",
        Status::Sending | Status::Unconfirmed => "and is on its way to QuickBooks",
        Status::Unsent | Status::ReadyToSync | Status::NeedsAttention | Status::Excluded | Status::HeldBack => {
            "and waits here too"
        }
    };
    let message = format!(
        "Your application has handed over another {kind} with this number for this customer, as \u{201c}{}\u{201d}, \
         {where_it_is}. QuickBooks would take both. If they are the same {kind}, press Do not send on one of them.",
        namesake.external_id
    );
    findings.warn("/number", "number_used_twice", message);
}

/// Shared by both kinds: a record's date, held against the company file's closing date.
fn check_date(date: jiff::civil::Date, context: &PreflightContext<'_>, findings: &mut Findings) {
    if !length::DATES.contains(&date) {
        let message = format!("The date {date} is unusual for QuickBooks. Check the year before you release this.");
        findings.note("/date", "date_unusual", message);
    }
    let Some(closing_date) = context.books.and_then(|books| books.closing_date) else { return };
    if date <= closing_date {
        findings.refused(
            "/date",
            "date_closed",
            format!(
                "The books are closed up to {closing_date}, and this is dated {date}. Give it a later date in your \
                 application, or have the QuickBooks administrator move the closing date."
            ),
        );
    }
}

fn check_currency(content: &Content, context: &PreflightContext<'_>, findings: &mut Findings) {
    let (currency, home) = (content.currency(), context.home_currency);
    if currency != home {
        let message =
            format!("This is in {currency}, and the company's books are in {home}. Enter it in QuickBooks by hand.");
        findings.refused("/currency", "currency_not_supported", message);
    }
}

/// Telephone, e-mail and address of a payment's customer count only where the customer may have to be created.
fn check_customer(customer: &Customer, is_address_sent: bool, context: &PreflightContext<'_>, findings: &mut Findings) {
    let may_create = context.settings.may_create(ListKind::Customer);
    text::name(text::CUSTOMER, format_args!("/customer/name"), &customer.name, context, findings);
    if may_create {
        let (email, phone) = (customer.email.as_deref(), customer.phone.as_deref());
        text::line("e-mail address", length::EMAIL, format_args!("/customer/email"), email, findings);
        text::line("telephone number", length::PHONE, format_args!("/customer/phone"), phone, findings);
    }
    if let Some(address) = customer.billing_address.as_ref().filter(|_| may_create || is_address_sent) {
        check_address(address, findings);
    }
}

/// The contract's three lines, city line and country are the five lines that QuickBooks prints at most (qbxml.md section
/// 6.3), so an address can be too wide but not too tall; a line break within one of them is refused as such.
fn check_address(address: &Address, findings: &mut Findings) {
    let fields = [
        ("first address line", length::ADDRESS_LINE, "line1", &address.line1),
        ("second address line", length::ADDRESS_LINE, "line2", &address.line2),
        ("third address line", length::ADDRESS_LINE, "line3", &address.line3),
        ("city", length::CITY, "city", &address.city),
        ("state", length::STATE, "state", &address.state),
        ("postal code", length::POSTAL_CODE, "postal_code", &address.postal_code),
        ("country", length::COUNTRY, "country", &address.country),
    ];
    for (what, length_max, field, value) in fields {
        let field = format_args!("/customer/billing_address/{field}");
        text::line(what, length_max, field, value.as_deref(), findings);
    }
}
