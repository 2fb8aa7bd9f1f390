//! Adding a company in the page: the beginning of its setup.
//!
//! The form carries the id that the company will have, so that sending it twice adds one company.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_store::{Error as StoreError, Role};
use bookferry_sync::id::CompanyId;

use super::assets::Assets;
use super::choices::{Choices, read_new};
use super::desk::{Desk, sees};
use super::form::SignedForm;
use super::page_error::PageError;
use super::session::SignedIn;
use super::setup::{self, Filled};
use crate::{App, Secret, add_company};

#[derive(Template)]
#[template(path = "new_company.html")]
struct NewCompanyPage {
    assets: Assets,
    id: CompanyId,
    form_token: String,
    choices: Choices,
}

pub(super) async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Html<String>, PageError> {
    let next = "/companies/new".to_owned();
    let signed_in = SignedIn::of(&app, &headers).await?.ok_or(PageError::SignIn { next })?;
    require_may_add(&signed_in)?;
    let id = CompanyId::new(app.clock().now(), &app.entropy().id());
    page(&signed_in, id, Choices::of_new())
}

/// Adds the company and shows its setup, with the password this once.
pub(super) async fn add(
    State(app): State<App>,
    Path(id): Path<CompanyId>,
    form: SignedForm,
) -> Result<Response, PageError> {
    let SignedForm { signed_in, form } = form;
    require_may_add(&signed_in)?;
    if app.store().company(id).await?.is_some() {
        return Ok(to_setup(id).into_response());
    }
    let chosen = match read_new(&form) {
        Ok(chosen) => chosen,
        Err(faults) => {
            let page = page(&signed_in, id, Choices::of_new().refused(&form, faults))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let now = app.clock().now();
    let place = (signed_in.person.organization_id, id);
    let actor = signed_in.actor();
    let added = add_company(app.store(), app.entropy(), place, &chosen.name, &chosen.settings, &actor, now).await;
    let added = match added {
        Ok(added) => added,
        // The same form came twice at once.
        Err(StoreError::Exists { .. }) => return Ok(to_setup(id).into_response()),
        Err(error) => return Err(error.into()),
    };
    tracing::info!(company.id = %id, "a company was added in the page");
    shown(&app, signed_in, id, added.password).await
}

/// Whoever reloads the page on which the password stood.
pub(super) async fn go_on(Path(id): Path<CompanyId>) -> Redirect {
    to_setup(id)
}

async fn shown(app: &App, signed_in: SignedIn, id: CompanyId, password: Secret) -> Result<Response, PageError> {
    let connection = app.store().connection(id).await?.ok_or(PageError::NotFound)?;
    if !sees(&signed_in.person, &connection.company) {
        return Err(PageError::NotFound);
    }
    let desk = Desk { signed_in, connection };
    let filled = Filled { password: Some(password), ..Filled::default() };
    Ok(Html(setup::page(app, &desk, filled, "").await?).into_response())
}

fn to_setup(id: CompanyId) -> Redirect {
    Redirect::to(&format!("/companies/{id}/setup"))
}

/// Whether somebody may add companies: an administrator of all of them.
pub(super) fn may_add(signed_in: &SignedIn) -> bool {
    signed_in.person.role == Role::Admin && signed_in.person.company_id.is_none()
}

fn require_may_add(signed_in: &SignedIn) -> Result<(), PageError> {
    if may_add(signed_in) { Ok(()) } else { Err(PageError::NotAllowed) }
}

fn page(signed_in: &SignedIn, id: CompanyId, choices: Choices) -> Result<Html<String>, PageError> {
    let form_token = signed_in.form_token.clone();
    Ok(Html(NewCompanyPage { assets: Assets, id, form_token, choices }.render()?))
}
