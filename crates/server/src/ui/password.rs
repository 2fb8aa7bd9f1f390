//! Changing one's own password. Whoever does it is signed out everywhere else.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_store::MailEvery;

use super::assets::Assets;
use super::form::{Form, SignedForm};
use super::page_error::PageError;
use super::session::SignedIn;
use super::sign_in::{person_with, start_session, too_many};
use crate::secret::PASSWORD_CHARACTERS;
use crate::{App, hash_password};

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage<'a> {
    assets: Assets,
    email: &'a str,
    form_token: &'a str,
    is_changed: bool,
    /// What was chosen about letters; `None` where the server sends none.
    mail: Option<[MailChoice; 3]>,
    is_mail_chosen: bool,
    fault: Option<Fault>,
    characters_min: usize,
    characters_max: usize,
}

#[derive(Debug)]
struct MailChoice {
    word: &'static str,
    label: &'static str,
    is_chosen: bool,
}

/// What was just done on this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Nothing,
    Changed,
    MailChosen,
}

/// What cannot be taken, and in which field.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    field: &'static str,
    text: String,
}

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    signed_in: SignedIn,
) -> Result<Response, PageError> {
    page(&app, StatusCode::OK, &signed_in, Done::of(query.as_deref().unwrap_or("")), None)
}

/// How often the person is told by e-mail what waits.
pub(super) async fn choose_mail(State(app): State<App>, form: SignedForm) -> Result<Response, PageError> {
    let SignedForm { signed_in, form } = form;
    let every = match form.get("every") {
        Some("never") => None,
        Some(word) => Some(word.parse().map_err(|_| PageError::Unreadable)?),
        None => return Err(PageError::Unreadable),
    };
    app.store().set_mail_every(signed_in.person.id, every).await?;
    Ok(Redirect::to("/password?mail=1#mail").into_response())
}

pub(super) async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    form: SignedForm,
) -> Result<Response, PageError> {
    let SignedForm { signed_in, form } = form;
    let address = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let wanted = match wanted(&form) {
        Ok(wanted) => wanted.to_owned(),
        Err(fault) => return page(&app, StatusCode::UNPROCESSABLE_ENTITY, &signed_in, Done::Nothing, Some(fault)),
    };
    // Somebody at an unlocked desk must not be able to guess either.
    let email = &signed_in.person.email;
    if let Err(seconds) = app.throttle().begin(email, address, app.clock().now()) {
        let fault = Fault { field: "current", text: too_many(seconds) };
        return page(&app, StatusCode::TOO_MANY_REQUESTS, &signed_in, Done::Nothing, Some(fault));
    }
    let Some(person) = person_with(&app, email, form.get("current").unwrap_or("")).await? else {
        tracing::info!(person.id = %signed_in.person.id, "a change of password was refused");
        let fault = Fault { field: "current", text: "That is not your password as it is now.".to_owned() };
        return page(&app, StatusCode::UNPROCESSABLE_ENTITY, &signed_in, Done::Nothing, Some(fault));
    };
    app.throttle().succeed(email, address);
    let hash = {
        let _turn = app.hashing().acquire().await;
        tokio::task::spawn_blocking(move || hash_password(&wanted)).await
    };
    let Ok(Ok(hash)) = hash else { return Err(PageError::Unreadable) };
    app.store().set_person_password(person.id, &hash).await?;
    app.live().check_sessions();
    tracing::info!(person.id = %person.id, "somebody changed their password");
    start_session(&app, &headers, &person, address, "/password?changed=1").await
}

/// The new password, if it can be taken.
fn wanted(form: &Form) -> Result<&str, Fault> {
    let wanted = form.get("wanted").unwrap_or("");
    let length = wanted.chars().count();
    if !PASSWORD_CHARACTERS.contains(&length) {
        let (min, max) = (PASSWORD_CHARACTERS.start(), PASSWORD_CHARACTERS.end());
        let text = format!("A password has {min} to {max} characters; this one has {length}.");
        return Err(Fault { field: "wanted", text });
    }
    if form.get("again") != Some(wanted) {
        let text = "The new password was not typed the same way twice.".to_owned();
        return Err(Fault { field: "again", text });
    }
    Ok(wanted)
}

fn page(
    app: &App,
    status: StatusCode,
    signed_in: &SignedIn,
    done: Done,
    fault: Option<Fault>,
) -> Result<Response, PageError> {
    let page = PasswordPage {
        assets: Assets,
        email: &signed_in.person.email,
        form_token: &signed_in.form_token,
        is_changed: done == Done::Changed,
        mail: app.mailer().map(|_| mail_choices(signed_in.person.mail_every)),
        is_mail_chosen: done == Done::MailChosen,
        fault,
        characters_min: *PASSWORD_CHARACTERS.start(),
        characters_max: *PASSWORD_CHARACTERS.end(),
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn mail_choices(chosen: Option<MailEvery>) -> [MailChoice; 3] {
    let of = |every: Option<MailEvery>, label| MailChoice {
        word: every.map_or("never", MailEvery::as_str),
        label,
        is_chosen: every == chosen,
    };
    [of(None, "Never"), of(Some(MailEvery::Hour), "At most every hour"), of(Some(MailEvery::Day), "At most once a day")]
}

impl Done {
    fn of(query: &str) -> Self {
        match query {
            "changed=1" => Self::Changed,
            "mail=1" => Self::MailChosen,
            _ => Self::Nothing,
        }
    }
}

impl PasswordPage<'_> {
    fn is_at_fault(&self, field: &str) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.field == field)
    }
}
