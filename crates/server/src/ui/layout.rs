//! How a person wants the pages to look. Kept on the server, so that it follows the person from desk to desk.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Redirect;
use bookferry_store::Person;
use serde::{Deserialize, Serialize};

use super::form::{DeskLook, Form};
use super::page_error::PageError;
use super::view::View;
use crate::App;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Layout {
    /// `light` or `dark`; empty for what the system says.
    pub(super) scheme: String,
    /// Rows of 44 instead of 36 pixels.
    pub(super) is_comfortable: bool,
    /// Whether single keys do nothing.
    pub(super) has_no_keys: bool,
    pub(super) hidden: Vec<String>,
    /// In pixels; columns that are not named are as wide as they need.
    pub(super) widths: BTreeMap<String, u32>,
}

/// The columns of the grid: name, heading.
pub(super) const COLUMNS: [(&str, &str); 8] = [
    ("status", "Status"),
    ("number", "Number"),
    ("customer", "Customer"),
    ("date", "Date"),
    ("amount", "Amount"),
    ("note", "Note"),
    ("created", "Created"),
    ("changed", "Last change"),
];
const WIDTH_MIN: u32 = 40;
const WIDTH_MAX: u32 = 900;

impl Layout {
    pub(super) fn of(person: &Person) -> Self {
        person.layout.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    pub(super) fn shows(&self, column: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == column)
    }

    fn take(&mut self, form: &Form) {
        match form.get("part") {
            Some("scheme") => {
                let wanted = form.get("scheme").filter(|scheme| ["light", "dark"].contains(scheme));
                self.scheme = wanted.unwrap_or("").to_owned();
            }
            Some("width") => {
                if let Some((column, _)) = COLUMNS.iter().find(|(name, _)| form.get("column") == Some(name)) {
                    self.set_width(column, form.get("width"));
                }
            }
            _ => {
                self.is_comfortable = form.get("rows") == Some("comfortable");
                self.has_no_keys = form.get("keys").is_none();
                let shown: Vec<&str> = form.all("show").collect();
                self.hidden.clear();
                for (column, _) in COLUMNS {
                    if !shown.contains(&column) && column != "number" {
                        self.hidden.push(column.to_owned());
                    }
                    self.set_width(column, form.get(&format!("width_{column}")));
                }
            }
        }
    }

    fn set_width(&mut self, column: &str, width: Option<&str>) {
        match width.and_then(|width| width.trim().parse::<u32>().ok()) {
            Some(width) => self.widths.insert(column.to_owned(), width.clamp(WIDTH_MIN, WIDTH_MAX)),
            None => self.widths.remove(column),
        };
    }
}

/// Everybody may arrange their own desk, viewers too.
pub(super) async fn arrange(State(app): State<App>, look: DeskLook) -> Result<Redirect, PageError> {
    let DeskLook { desk, form } = look;
    let mut layout = Layout::of(&desk.signed_in.person);
    layout.take(&form);
    let json = serde_json::to_string(&layout).map_err(|_| PageError::Unreadable)?;
    app.store().set_layout(desk.signed_in.person.id, &json).await?;
    let place = match form.get("back") {
        Some("submissions") | None => {
            format!("submissions?{}", View::read(form.get("view").unwrap_or("")).query_here())
        }
        Some(back) => ["attention", "history", "lists", "setup", "people", "help"]
            .into_iter()
            .find(|place| *place == back)
            .unwrap_or("submissions")
            .to_owned(),
    };
    Ok(Redirect::to(&desk.path(&place)))
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Layout};

    #[test]
    fn a_layout_survives_storage_and_what_is_not_known_is_as_it_comes() {
        let mut layout = Layout::default();
        assert!(COLUMNS.iter().all(|(column, _)| layout.shows(column)));
        layout.set_width("customer", Some("9999"));
        layout.hidden.push("created".to_owned());
        let json = serde_json::to_string(&layout).expect("JSON");
        assert_eq!(serde_json::from_str::<Layout>(&json).expect("a layout"), layout);
        assert_eq!(layout.widths["customer"], 900);
        layout.set_width("customer", Some("auto"));
        assert!(layout.widths.is_empty());
        assert_eq!(serde_json::from_str::<Layout>("{\"more\":1}").expect("a layout"), Layout::default());
    }
}
