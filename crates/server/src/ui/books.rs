//! The books a company is bound to, and binding it to others.

use askama::Template;
use axum::extract::State;
use axum::response::Redirect;
use bookferry_store::NoticeLine;
use bookferry_sync::company::{Books, BooksIdentity};

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::notices::{name, path};
use super::page_error::PageError;
use crate::App;

/// The box on the Setup page.
#[derive(Debug, Template)]
#[template(path = "books.html")]
pub(super) struct BooksBox {
    action: String,
    form_token: String,
    bound: Option<Shown>,
    other: Option<Shown>,
    told: Option<&'static str>,
}

#[derive(Debug)]
struct Shown {
    name: String,
    path: String,
    file_id: Option<String>,
    /// As the form sends them back.
    identity: BooksIdentity,
}

/// What the last press of the button came to, by the word in the page's address.
const TOLD: [(&str, &str); 3] = [
    ("bound", "The company is bound to these books now. The next visit reads them."),
    ("unlike", "That is not the name of the new books. Nothing was changed."),
    ("stale", "Other books have come since you looked, or the right ones. Nothing was changed."),
];

impl BooksBox {
    pub(super) fn of(desk: &Desk, notices: &[NoticeLine], query: &str) -> Self {
        let other = notices.iter().find_map(|line| line.notice.other_books().cloned());
        let mut fields = form_urlencoded::parse(query.as_bytes());
        let word = fields.find(|(name, _)| name == "books").map(|(_, word)| word);
        Self {
            action: desk.path("setup/books"),
            form_token: desk.signed_in.form_token.clone(),
            bound: desk.company().books.as_ref().map(Books::identity).map(Shown::of),
            other: other.map(Shown::of),
            told: TOLD.iter().find(|(known, _)| word.as_deref() == Some(*known)).map(|(_, told)| *told),
        }
    }

    fn names_decide(&self) -> bool {
        let lacks = |shown: &Option<Shown>| shown.as_ref().is_some_and(|shown| shown.file_id.is_none());
        lacks(&self.bound) || lacks(&self.other)
    }
}

impl Shown {
    fn of(identity: BooksIdentity) -> Self {
        Self {
            name: name(&identity).to_owned(),
            path: path(&identity).to_owned(),
            file_id: identity.file_id.clone(),
            identity,
        }
    }

    /// What is typed to confirm.
    fn word(&self) -> &str {
        if self.identity.company_name.is_empty() { &self.identity.company_file } else { &self.identity.company_name }
    }

    fn file_id_field(&self) -> &str {
        self.identity.file_id.as_deref().unwrap_or_default()
    }
}

/// Binds the company to the books that the form names, if the administrator typed their name.
pub(super) async fn rebind(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Redirect, PageError> {
    if !desk.signed_in.is_admin() {
        return Err(PageError::NotAllowed);
    }
    let to = Shown::of(identity(&form));
    let back = |word: &str| Ok(Redirect::to(&desk.path(&format!("setup?books={word}#books"))));
    let typed = form.get("typed").unwrap_or_default().trim().to_lowercase();
    if typed.is_empty() || typed != to.word().trim().to_lowercase() {
        return back("unlike");
    }
    match app.store().rebind(desk.company_id(), &to.identity, &desk.actor(), app.clock().now()).await {
        Ok(_) => back("bound"),
        Err(bookferry_store::Error::Stale { .. }) => back("stale"),
        Err(error) => Err(error.into()),
    }
}

fn identity(form: &Form) -> BooksIdentity {
    let text = |field: &str| form.get(field).unwrap_or_default().to_owned();
    BooksIdentity {
        company_name: text("company_name"),
        company_file: text("company_file"),
        file_id: Some(text("file_id")).filter(|file_id| !file_id.is_empty()),
    }
}
