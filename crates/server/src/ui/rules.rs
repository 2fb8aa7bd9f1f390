//! The rules of a company that an administrator chooses at any time: what is marked ready by itself, and what becomes of a
//! difference in the sales tax.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_qbxml::value::Amount;
use bookferry_sync::company::{Release, Settings, Voids};
use bookferry_sync::tax_difference::TaxDifference;

use super::form::{DeskForm, Form};
use super::page_error::PageError;
use super::sentence::Sentence;
use super::setup::{self, Filled};
use crate::App;

/// The fields as they stand in the form, whether they can be taken or not.
#[derive(Debug, Template)]
#[template(path = "rules.html")]
pub(super) struct Rules {
    is_automatic: bool,
    is_deleted: bool,
    /// `attention`, `accept` or `adjust`.
    tax: String,
    tax_limit: String,
    tax_item: String,
    fault: Option<Sentence>,
}

/// Takes the form: all of it, or nothing and why.
pub(super) async fn save(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    if !desk.signed_in.is_admin() {
        return Err(PageError::NotAllowed);
    }
    let settings = &desk.company().settings;
    match read(&form, settings) {
        Ok(settings) => {
            app.store().update_settings(desk.company_id(), &settings, &desk.actor(), app.clock().now()).await?;
            tracing::info!(company.id = %desk.company_id(), "the company's rules were changed");
            Ok(Redirect::to(&desk.path("setup?told=rules#company")).into_response())
        }
        Err(fault) => {
            let rules = Some(Rules::filled_in(&form, &fault));
            let page = setup::page(&app, &desk, Filled { rules, ..Filled::default() }, "").await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
    }
}

impl Rules {
    pub(super) fn of(settings: &Settings) -> Self {
        let (tax, cents, item) = match &settings.tax_difference {
            TaxDifference::Attention => ("attention", TaxDifference::CENTS, ""),
            TaxDifference::Accept { cents } => ("accept", *cents, ""),
            TaxDifference::Adjust { cents, item } => ("adjust", *cents, item.as_str()),
        };
        Self {
            is_automatic: settings.release == Release::Automatic,
            is_deleted: settings.voids == Voids::Delete,
            tax: tax.to_owned(),
            tax_limit: Amount::from_cents(cents).unwrap_or_default().to_string(),
            tax_item: item.to_owned(),
            fault: None,
        }
    }

    fn filled_in(form: &Form, fault: &str) -> Self {
        let field = |name| form.get(name).unwrap_or("").to_owned();
        Self {
            is_automatic: field("release") == "automatic",
            is_deleted: field("voids") == "delete",
            tax: field("tax"),
            tax_limit: field("tax_limit"),
            tax_item: field("tax_item"),
            fault: Some(Sentence::new(fault)),
        }
    }
}

fn read(form: &Form, before: &Settings) -> Result<Settings, String> {
    let field = |name| form.get(name).unwrap_or("").trim();
    let release = match field("release") {
        "automatic" => Release::Automatic,
        "manual" => Release::Manual,
        _ => return Err("choose whether new records are marked ready by themselves".to_owned()),
    };
    let voids = match field("voids") {
        "void" => Voids::Void,
        "delete" => Voids::Delete,
        "" => before.voids,
        _ => return Err("choose what becomes of an invoice that your application voids".to_owned()),
    };
    let rule = match field("tax") {
        "accept" => format!("accept {}", field("tax_limit")),
        "adjust" if field("tax_item").is_empty() => {
            return Err(
                "a line that makes up for the difference needs an item; name one that QuickBooks has".to_owned()
            );
        }
        "adjust" => format!("adjust {} {}", field("tax_limit"), field("tax_item")),
        other => other.to_owned(),
    };
    let is_adjusted = field("tax") == "adjust";
    let tax_difference: TaxDifference = rule.parse().map_err(|_| limit_fault(field("tax_limit")))?;
    // Without a limit that can be read, the first word of the item would be taken for one.
    if is_adjusted && field("tax_limit").parse::<Amount>().is_err() {
        return Err(limit_fault(field("tax_limit")));
    }
    Ok(Settings { release, tax_difference, voids, ..before.clone() })
}

fn limit_fault(given: &str) -> String {
    let max = Amount::from_cents(TaxDifference::CENTS_MAX).unwrap_or_default();
    format!("a difference is settled up to an amount from 0.01 to {max}, not \u{201c}{given}\u{201d}")
}
