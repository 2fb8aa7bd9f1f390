//! The pages of the Sync Manager, for people. Everything is HTML from the server and works without the script.
//!
//! A page of a company takes a [`desk::Desk`]: somebody who is signed in, and a company that they may see. Whatever
//! changes something takes a [`form::DeskForm`], which has proved besides that it is a form of this session and that the
//! person's role allows changes.

mod assets;
mod attempt;
mod attention;
mod books;
mod care;
mod chart;
mod choices;
mod connector_codes;
mod deed_log;
mod dependency;
mod desk;
mod difference;
mod export;
mod form;
mod frame;
mod headers;
mod help;
mod history;
mod layout;
mod link_page;
mod lists;
mod live;
mod mapping_csv;
mod mappings;
mod mend;
mod mend_page;
mod moment;
mod money;
mod moves;
mod multipart;
mod new_company;
mod news;
mod notice;
mod notices;
mod older;
mod page_error;
mod password;
mod people;
mod qwc;
mod reconciled_sums;
mod reconciliation;
mod reconciliation_csv;
mod record;
mod record_past;
mod remedy_form;
mod row;
mod rules;
mod same_origin;
mod sentence;
mod session;
mod setup;
mod sign_in;
mod steps;
mod submissions;
mod three_columns;
mod throttle;
mod timing;
mod underway;
mod view;
mod views;
mod webhooks;
mod xml_text;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderName;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use crate::App;
pub(crate) use live::Live;
pub(crate) use throttle::Throttle;
pub(crate) use underway::Underway;

/// Sent by the script when it looks for news: such a request is no visit of a person, and wants no sign-in page.
const REFRESH: HeaderName = HeaderName::from_static("x-bookferry-refresh");

const FORM_BYTES_MAX: usize = 256 * 1024;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(help::home))
        .route("/login", get(sign_in::show).post(sign_in::sign_in))
        .route("/logout", post(sign_in::sign_out))
        .route("/password", get(password::show).post(password::change))
        .route("/mail", post(password::choose_mail))
        .route("/help", get(help::show_to_anybody))
        .route("/static/{folder}/{name}", get(assets::serve).layer(CompressionLayer::new()))
        .route("/qwc/{file}", get(qwc::download_by_address))
        .route("/companies/new", get(new_company::show))
        .route("/companies/{company}/added", get(new_company::go_on).post(new_company::add))
        .nest("/companies/{company}", company_routes())
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(from_fn(headers::secure))
}

fn company_routes() -> Router<App> {
    Router::new()
        .route("/submissions", get(submissions::show).post(moves::move_selected))
        .route("/submissions/undo", post(moves::undo))
        .route("/submissions.csv", get(export::download))
        .route("/older", get(older::show).post(older::add))
        .route("/older/undo", post(older::undo))
        .route("/older/quickbooks", post(older::decide))
        .route("/views", post(views::keep))
        .route("/layout", post(layout::arrange))
        .route("/attention", get(attention::show).post(mend::act))
        .route("/attention/mend", get(mend::prepare).post(mend::carry_out))
        .route("/attention/undo", post(mend::undo))
        .route("/history", get(history::show))
        .route("/history/people", get(deed_log::show))
        .route("/people", get(people::show).post(people::change_people))
        .route("/keys", get(people::go_on).post(people::change_keys))
        .route("/webhooks", get(people::go_on).post(webhooks::change))
        .route("/history/{visit}", get(history::show_visit))
        .route("/message-sets/{message_set}", get(history::show_message_set))
        .route("/message-sets/{message_set}/{file}", get(history::download))
        .route("/lists", get(lists::show))
        .route("/lists/read-again", post(lists::read_again))
        .route("/lists/mappings", get(mappings::show).post(mappings::change))
        .route("/lists/reconciliation", get(reconciliation::show).post(reconciliation::ask))
        .route("/lists/reconciliation.csv", get(reconciliation_csv::download))
        .route("/lists/mappings.csv", get(mapping_csv::download))
        .route(
            "/lists/mappings/import",
            post(mappings::import).layer(DefaultBodyLimit::max(mapping_csv::IMPORT_BYTES_MAX)),
        )
        .route("/news", get(news::listen))
        .route("/records/{record}", get(record::show).post(record::act))
        .route("/records/{record}/attempts/{message_set}", get(attempt::show))
        .route("/setup", get(setup::show).post(timing::save))
        .route("/setup/choices", get(setup::go_on).post(setup::choose))
        .route("/setup/rules", get(setup::go_on).post(rules::save))
        .route("/setup/password", get(setup::go_on).post(setup::make_password))
        .route("/setup/enable", post(setup::enable))
        .route("/setup/books", post(books::rebind))
        .route("/notices/close", post(notices::close))
        .route("/help", get(help::show))
        .route("/bookferry.qwc", get(qwc::download))
}

async fn not_found() -> page_error::PageError {
    page_error::PageError::NotFound
}
