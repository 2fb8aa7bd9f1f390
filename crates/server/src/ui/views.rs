//! Views of the grid that a person keeps under a name.

use axum::extract::State;
use axum::response::Redirect;
use bookferry_store::SavedView;

use super::form::DeskLook;
use super::page_error::PageError;
use super::view::View;
use crate::App;

const NAME_CHARACTERS_MAX: usize = 60;
const VIEWS_MAX: usize = 50;

pub(super) async fn keep(State(app): State<App>, look: DeskLook) -> Result<Redirect, PageError> {
    let DeskLook { desk, form } = look;
    let (person, company) = (desk.signed_in.person.id, desk.company_id());
    let query = View::read(form.get("view").unwrap_or("")).query();
    let name: String = form.get("name").unwrap_or("").trim().replace('\0', "");
    if form.get("deed") == Some("forget") {
        app.store().delete_view(person, company, &name).await?;
    } else {
        let name: String = name.chars().take(NAME_CHARACTERS_MAX).collect();
        let kept = app.store().saved_views(person, company).await?;
        let is_new = kept.iter().all(|view| view.name != name);
        if name.is_empty() || (is_new && kept.len() >= VIEWS_MAX) {
            return Err(PageError::Unreadable);
        }
        app.store().save_view(person, company, &SavedView { name, query: query.clone() }).await?;
    }
    Ok(Redirect::to(&format!("{}?{query}", desk.path("submissions"))))
}
