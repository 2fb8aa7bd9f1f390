//! Forms as the browser sends them, and the proof that they are forms of ours.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use subtle::ConstantTimeEq;

use super::desk::Desk;
use super::multipart;
use super::page_error::PageError;
use super::same_origin::is_own;
use super::session::SignedIn;
use crate::App;

/// The fields in their order; names may repeat. Only a page of ours can have sent them.
#[derive(Debug)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

/// A form of the session that sends it.
#[derive(Debug)]
pub(super) struct SignedForm {
    pub(super) signed_in: SignedIn,
    pub(super) form: Form,
}

/// A form by which somebody arranges their own desk; no record is changed by it.
#[derive(Debug)]
pub(super) struct DeskLook {
    pub(super) desk: Desk,
    pub(super) form: Form,
}

/// A form by which somebody changes something in a company.
#[derive(Debug)]
pub(super) struct DeskForm {
    pub(super) desk: Desk,
    pub(super) form: Form,
}

/// Enough for a page of a thousand selected records.
const FIELDS_MAX: usize = 4_000;

impl Form {
    /// The fields of an address, by which nothing is changed.
    pub(super) fn of_query(query: &str) -> Self {
        Self { fields: form_urlencoded::parse(query.as_bytes()).into_owned().take(FIELDS_MAX).collect() }
    }

    /// The same, with this field where it is missing.
    pub(super) fn with_default(&self, name: &str, value: impl FnOnce() -> String) -> Self {
        let mut fields = self.fields.clone();
        if self.get(name).is_none() {
            fields.push((name.to_owned(), value()));
        }
        Self { fields }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn require_token(&self, signed_in: &SignedIn) -> Result<(), PageError> {
        let given = self.get("form_token").unwrap_or("");
        let is_ours = bool::from(given.as_bytes().ct_eq(signed_in.form_token.as_bytes()));
        if is_ours { Ok(()) } else { Err(PageError::Forged) }
    }
}

impl FromRequest<App> for Form {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        if !is_own(request.headers(), app.public_url()) {
            tracing::warn!(path = request.uri().path(), "a form that another site sent was refused");
            return Err(PageError::Forged);
        }
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = content_type.and_then(multipart::boundary).map(str::to_owned);
        let body = Bytes::from_request(request, app).await.map_err(|_| PageError::Unreadable)?;
        let fields = match boundary {
            Some(boundary) => multipart::fields(&boundary, &body).ok_or(PageError::Unreadable)?,
            None => form_urlencoded::parse(&body).into_owned().take(FIELDS_MAX + 1).collect(),
        };
        if fields.len() > FIELDS_MAX { Err(PageError::Unreadable) } else { Ok(Self { fields }) }
    }
}

impl FromRequest<App> for SignedForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let signed_in = SignedIn::from_request_parts(&mut parts, app).await?;
        let form = Form::from_request(Request::from_parts(parts, body), app).await?;
        form.require_token(&signed_in)?;
        Ok(Self { signed_in, form })
    }
}

impl FromRequest<App> for DeskLook {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        let form = Form::from_request(Request::from_parts(parts, body), app).await?;
        form.require_token(&desk.signed_in)?;
        Ok(Self { desk, form })
    }
}

impl FromRequest<App> for DeskForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let DeskLook { desk, form } = DeskLook::from_request(request, app).await?;
        if desk.signed_in.may_write() { Ok(Self { desk, form }) } else { Err(PageError::NotAllowed) }
    }
}
