use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use bookferry_store::{Actor, Connection, Person};
use bookferry_sync::company::Company;
use bookferry_sync::id::CompanyId;

use super::page_error::PageError;
use super::session::SignedIn;
use crate::App;

/// A person at work on one company, which the address names and the person may see.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) signed_in: SignedIn,
    pub(super) connection: Connection,
}

impl Desk {
    pub(super) const fn company(&self) -> &Company {
        &self.connection.company
    }

    pub(super) const fn company_id(&self) -> CompanyId {
        self.connection.company.id
    }

    /// For the record's history.
    pub(super) fn actor(&self) -> Actor {
        self.signed_in.actor()
    }

    pub(super) fn path(&self, rest: &str) -> String {
        format!("/companies/{}/{rest}", self.company_id())
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        let Path(names) =
            Path::<HashMap<String, String>>::from_request_parts(parts, app).await.map_err(|_| PageError::NotFound)?;
        let company = names.get("company").and_then(|id| id.parse().ok()).ok_or(PageError::NotFound)?;
        let connection = app.store().connection(company).await?.ok_or(PageError::NotFound)?;
        if sees(&signed_in.person, &connection.company) {
            Ok(Self { signed_in, connection })
        } else {
            Err(PageError::NotFound)
        }
    }
}

/// The companies a person can choose from, oldest first.
pub(super) async fn companies_of(app: &App, signed_in: &SignedIn) -> Result<Vec<Company>, PageError> {
    if let Some(company) = signed_in.person.company_id {
        return Ok(app.store().company(company).await?.into_iter().collect());
    }
    let companies = app.store().companies().await?;
    Ok(companies.into_iter().filter(|company| sees(&signed_in.person, company)).collect())
}

pub(super) fn sees(person: &Person, company: &Company) -> bool {
    person.organization_id == company.organization_id && person.company_id.is_none_or(|only| only == company.id)
}
