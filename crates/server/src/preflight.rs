//! Preflight of records with what the store knows around them, for the API and the pages alike.

use bookferry_store::RecordContent;
use bookferry_sync::company::Company;
use bookferry_sync::preflight::{Around, Finding, PreflightContext, Surroundings, preflight};
use bookferry_sync::record::{Content, DEFAULT_CURRENCY};

use crate::App;

/// What QuickBooks would refuse or change in a record that is stored. Of what it holds already, only what is written in the
/// record itself is told.
pub(crate) async fn findings_of(
    app: &App,
    company: &Company,
    record: &RecordContent,
) -> Result<Vec<Finding>, bookferry_store::Error> {
    let (external_id, content) = (record.line.external_id.as_str(), &record.content);
    if record.line.state.posted().is_some() {
        return Ok(findings(company, content, None));
    }
    let surroundings = app.store().surroundings(company, &[(external_id, content)]).await?;
    Ok(findings(company, content, Some(Around { external_id, surroundings: &surroundings })))
}

/// The same of one of many records, whose surroundings were loaded together.
pub(crate) fn findings_among(
    company: &Company,
    external_id: &str,
    content: &Content,
    surroundings: &Surroundings,
) -> Vec<Finding> {
    findings(company, content, Some(Around { external_id, surroundings }))
}

fn findings(company: &Company, content: &Content, around: Option<Around<'_>>) -> Vec<Finding> {
    let mut context = PreflightContext {
        settings: &company.settings,
        books: company.books.as_ref(),
        home_currency: DEFAULT_CURRENCY,
        mapped: None,
        around,
    };
    let Some(around) = around else { return preflight(content, &context) };
    let (content, mapped) = around.surroundings.mappings.apply(content.clone());
    context.mapped = Some(&mapped);
    preflight(&content, &context)
}
