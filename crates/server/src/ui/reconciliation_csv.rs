//! A month's sums as CSV, by day and customer.

use axum::extract::{Query, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use bookferry_qbxml::value::Amount;
use bookferry_store::Compared;
use bookferry_sync::reconciliation::Difference;
use serde::Deserialize;

use super::desk::Desk;
use super::export::{BYTE_ORDER_MARK, cell};
use super::page_error::PageError;
use super::reconciled_sums::first_day;
use crate::App;

#[derive(Deserialize)]
pub(super) struct Wanted {
    month: String,
}

pub(super) async fn download(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<([(HeaderName, HeaderValue); 2], String), PageError> {
    let first = first_day(&wanted.month).ok_or(PageError::Unreadable)?;
    let sums = app.store().compared_by_customer(desk.company_id(), first, first.last_of_month()).await?;
    let mut text = format!("{BYTE_ORDER_MARK}{}\r\n", heading().join(","));
    for ((date, customer, kind), compared) in &sums {
        let mut cells = vec![date.to_string(), cell(customer), kind.as_str().to_owned()];
        cells.extend(numbers(compared));
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    let file = format!("attachment; filename=\"reconciliation-{}.csv\"", first.strftime("%Y-%m"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&file).map_err(|_| PageError::Unreadable)?),
    ];
    Ok((headers, text))
}

fn heading() -> Vec<String> {
    let before = ["Day", "Customer", "Kind", "Submitted", "Submitted sum", "In QuickBooks", "In QuickBooks sum"];
    let after = [
        "Differing",
        "Wait for somebody",
        "Paid there",
        "Paid there sum",
        "Not looked at yet",
        "Not looked at yet sum",
    ];
    let differences = Difference::ALL.into_iter().map(|difference| difference.label().to_owned());
    before.into_iter().map(str::to_owned).chain(differences).chain(after.into_iter().map(str::to_owned)).collect()
}

fn numbers(of: &Compared) -> Vec<String> {
    let amount = |e5: i64| Amount::from_e5(e5).map(|amount| amount.to_string()).unwrap_or_default();
    let mut cells = vec![of.submitted.to_string(), amount(of.submitted_e5), of.there.to_string(), amount(of.there_e5)];
    let count = |difference| of.differences.get(&difference).copied().unwrap_or_default().to_string();
    cells.extend(Difference::ALL.map(count));
    cells.extend([
        of.differing.to_string(),
        of.waiting.to_string(),
        of.paid_there.to_string(),
        amount(of.paid_there_e5),
        of.unseen.to_string(),
        amount(of.unseen_e5),
    ]);
    cells
}
