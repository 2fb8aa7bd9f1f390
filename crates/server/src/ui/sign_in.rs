use std::net::{IpAddr, SocketAddr};

use askama::Template;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_store::Person;
use serde::Deserialize;

use super::assets::Assets;
use super::form::{Form, SignedForm};
use super::page_error::PageError;
use super::session::{AGE_MAX, SignedIn, clear_cookie, set_cookie};
use crate::secret::verify_password;
use crate::{App, Secret};

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    assets: Assets,
    next: &'a str,
    email: &'a str,
    trouble: Option<String>,
}

/// A hash of nothing anybody knows, with the same cost as a person's: an unknown address takes as long as a known one.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Ym9va2ZlcnJ5LW5vYm9keQ$C4x1cYzCqDqZ0oOZVDbmLOGLmd0Rr6mXwtVkV8sZGYw";

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if SignedIn::of(&app, &headers).await?.is_some() {
        return Ok(Redirect::to(own_path(&wanted.next)).into_response());
    }
    page(StatusCode::OK, own_path(&wanted.next), "", None)
}

pub(super) async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    form: Form,
) -> Result<Response, PageError> {
    let address = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let (email, password) = (form.get("email").unwrap_or("").trim(), form.get("password").unwrap_or(""));
    let next = own_path(form.get("next").unwrap_or(""));
    let now = app.clock().now();
    if let Err(seconds) = app.throttle().begin(email, address, now) {
        let mut response = page(StatusCode::TOO_MANY_REQUESTS, next, email, Some(too_many(seconds)))?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let Some(person) = person_with(&app, email, password).await? else {
        tracing::info!(address = address.map(tracing::field::display), "a sign-in was refused");
        let trouble = "The e-mail address or the password is wrong.".to_owned();
        return page(StatusCode::UNPROCESSABLE_ENTITY, next, email, Some(trouble));
    };
    app.throttle().succeed(email, address);
    start_session(&app, &headers, &person, address, next).await
}

pub(super) async fn sign_out(State(app): State<App>, form: SignedForm) -> Result<Response, PageError> {
    app.store().delete_web_session(&form.signed_in.id_hash.0).await?;
    app.live().check_sessions();
    let mut response = Redirect::to("/login").into_response();
    if let Some(cookie) = clear_cookie(&app) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// Always a new id, so that nobody can have planted the one in use.
pub(super) async fn start_session(
    app: &App,
    headers: &HeaderMap,
    person: &Person,
    address: Option<IpAddr>,
    next: &str,
) -> Result<Response, PageError> {
    if let Some(earlier) = SignedIn::of(app, headers).await? {
        app.store().delete_web_session(&earlier.id_hash.0).await?;
    }
    let id = Secret::generate(app.entropy(), "");
    let now = app.clock().now();
    let expires_at = now.checked_add(AGE_MAX).unwrap_or(now);
    app.store().create_web_session(&id.hash().0, person.id, now, expires_at).await?;
    tracing::info!(person.id = %person.id, address = address.map(tracing::field::display), "somebody signed in");
    let mut response = Redirect::to(next).into_response();
    if let Some(cookie) = set_cookie(app, &id) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The person, if there is one and the password is right. Both take the same time.
pub(super) async fn person_with(app: &App, email: &str, password: &str) -> Result<Option<Person>, PageError> {
    let person = app.store().person_by_email(email).await?;
    let hash = person.as_ref().map_or(NOBODYS_HASH, |person| &person.password_hash).to_owned();
    let password = password.to_owned();
    let _turn = app.hashing().acquire().await;
    let is_right = tokio::task::spawn_blocking(move || verify_password(&password, &hash)).await.unwrap_or(false);
    Ok(person.filter(|person| is_right && person.disabled_at.is_none()))
}

fn page(status: StatusCode, next: &str, email: &str, trouble: Option<String>) -> Result<Response, PageError> {
    let page = LoginPage { assets: Assets, next, email, trouble };
    Ok((status, Html(page.render()?)).into_response())
}

pub(super) fn too_many(seconds: i64) -> String {
    let wait = match seconds {
        1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    };
    format!("That was wrong several times. Try again in {wait}.")
}

/// A path of ours, so that a link to the sign-in leads nowhere else.
fn own_path(next: &str) -> &str {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.chars().any(|character| character == '\\' || character.is_control());
    if is_own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::{NOBODYS_HASH, own_path};
    use argon2::password_hash::phc::PasswordHash;

    #[test]
    fn nobodys_hash_costs_what_a_persons_costs() {
        let nobodys = PasswordHash::new(NOBODYS_HASH).expect("a hash");
        let somebodys = crate::hash_password("correct horse battery staple").expect("a hash");
        let somebodys = PasswordHash::new(&somebodys).expect("a hash");
        assert_eq!(nobodys.algorithm, somebodys.algorithm);
        assert_eq!(nobodys.params, somebodys.params);
        assert_eq!(nobodys.hash.map(|hash| hash.len()), somebodys.hash.map(|hash| hash.len()));
    }

    #[test]
    fn the_way_back_stays_here() {
        for (next, expected) in [
            ("/companies/1/history?before=4", "/companies/1/history?before=4"),
            ("//evil.example/", "/"),
            ("/\\evil.example/", "/"),
            ("https://evil.example/", "/"),
            ("/\t/evil.example/", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(next), expected);
        }
    }
}
