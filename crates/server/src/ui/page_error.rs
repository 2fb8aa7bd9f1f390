use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::assets::Assets;

/// Why there is no page, by what the person can do about it.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// Nobody is signed in; `next` is where the person wanted to go.
    #[error("nobody is signed in")]
    SignIn { next: String },
    /// There is nothing, or nothing that this person may see.
    #[error("there is no such page")]
    NotFound,
    #[error("the person's role does not allow this")]
    NotAllowed,
    #[error("the form did not come from a page of ours")]
    Forged,
    #[error("the form cannot be read")]
    Unreadable,
    /// The `.qwc` file cannot be made; the text says why.
    #[error("no .qwc file can be made")]
    NoQwc(#[source] bookferry_qbwc::qwc::QwcError),
    #[error("the database refused")]
    Store(#[from] bookferry_store::Error),
    #[error("a page could not be written")]
    Template(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    assets: Assets,
    title: &'static str,
    text: String,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, text) = match &self {
            Self::SignIn { next } => return to_sign_in(next),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is no such page",
                "The address is wrong, or it belongs to a company that you do not work for.".to_owned(),
            ),
            Self::NotAllowed => (
                StatusCode::FORBIDDEN,
                "Your role does not allow this",
                "A viewer sees everything and changes nothing. An administrator can change your role.".to_owned(),
            ),
            Self::Forged => (
                StatusCode::FORBIDDEN,
                "Nothing was changed",
                "The form was too old, or did not come from this site. Open the page again and repeat it.".to_owned(),
            ),
            Self::Unreadable => (
                StatusCode::BAD_REQUEST,
                "Nothing was changed",
                "What the form sent could not be read. Open the page again and repeat it.".to_owned(),
            ),
            Self::NoQwc(reason) => (
                StatusCode::CONFLICT,
                "The Web Connector would refuse this file",
                format!("Set another public address for the server and download the file again. The reason: {reason}."),
            ),
            Self::Store(error) if error.is_retryable() => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The database does not answer",
                "Nothing was changed. Go back and try again in a moment.".to_owned(),
            ),
            Self::Store(_) | Self::Template(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong here",
                "This is a fault of the server, and it has been noted. Nothing was lost.".to_owned(),
            ),
        };
        if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "a page could not be shown");
        }
        let page = ErrorPage { assets: Assets, title, text };
        match page.render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => (status, title).into_response(),
        }
    }
}

/// The script is refused as such when it looks for news: it would take the sign-in page for the grid.
fn to_sign_in(next: &str) -> Response {
    if next.is_empty() {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Cookie"))])
            .into_response();
    }
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    Redirect::to(&format!("/login?next={next}")).into_response()
}
