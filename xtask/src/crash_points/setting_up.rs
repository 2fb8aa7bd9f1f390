//! The points that a company passes once, before or while it is new: each strikes a company of its own.

use anyhow::Result;
use bookferry_simulator::SplitMix64;

use super::day;
use crate::chaos::company::Company;
use crate::chaos::installation::Installation;
use crate::chaos::shop;

/// Whether the point is one of these.
pub(super) fn is_about(point: &str) -> bool {
    let operation = point.rsplit_once('.').map_or(point, |(operation, _)| operation);
    ["migrate", "organization.insert", "company.insert", "company.enable_sync", "api_key.insert", "import"]
        .contains(&operation)
        || is_noted_now_and_then(operation)
}

/// Strikes the point, has everything done again by the operator, and leaves records to cross.
pub(super) fn strike<'a>(installation: &'a Installation, point: &str) -> Result<Company<'a>> {
    let operation = point.rsplit_once('.').map_or(point, |(operation, _)| operation);
    let random = SplitMix64::new(7);
    if is_noted_now_and_then(operation) {
        let mut company = Company::add(installation, random)?;
        day::strike(&mut company, point)?;
        return Ok(company);
    }
    if operation == "import" {
        let added = installation.add_company()?;
        let mut company = Company::new(installation, &added, random);
        let pair = company.application.pair();
        let file = installation.ndjson_file(&shop::ndjson(&pair))?;
        installation.die_at(point, &["import", &file, "--company", &added.id])?;
        company.application.carry(&pair, || installation.import(&added, &shop::ndjson(&pair)))?;
        return Ok(company);
    }
    match operation {
        "migrate" => installation.die_at(point, &["migrate"])?,
        _ => installation.die_at(point, Installation::ADD_COMPANY)?,
    }
    let mut company = Company::add(installation, random)?;
    let pair = company.application.pair();
    company.application.intend(&pair);
    Ok(company)
}

/// What a server notes the first time in a while: for a company that is new.
fn is_noted_now_and_then(operation: &str) -> bool {
    ["api_key.touch", "company.note_heard"].contains(&operation)
}
