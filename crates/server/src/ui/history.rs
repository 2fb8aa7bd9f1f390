//! What the Web Connector did: visits, their message sets, and the XML both ways.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::Html;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::{Attempt, MessageSet, MessageSetLine, MessageSetState, MessageSetWithXml, Visit, VisitLine};
use bookferry_sync::cause::{Entry, explain};
use jiff::Timestamp;
use serde::Deserialize;

use super::chart::{self, Chart};
use super::deed_log::day_bounds;
use super::desk::Desk;
use super::frame::{Frame, Section, number, result};
use super::moment::{Ago, ClockTime, Took};
use super::money::counted;
use super::page_error::PageError;
use super::xml_text::indented;
use crate::App;

const VISITS_MAX: u32 = 50;
const MESSAGE_SETS_MAX: u32 = 200;
/// What a browser still shows in one piece; the whole text can be downloaded.
const XML_SHOWN_MAX: usize = 200_000;
/// An answer that is longer holds outcomes, and no status of the set alone.
const STATUS_BYTES_MAX: usize = 10_000;

#[derive(Deserialize)]
pub(super) struct Wanted {
    before: Option<i64>,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: i64,
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    visits: Vec<VisitRow>,
    is_first: bool,
    older: Option<i64>,
    wanted: Wanted,
    fault: Option<&'static str>,
    chart: Option<Chart>,
}

#[derive(Template)]
#[template(path = "visit.html")]
struct VisitPage {
    frame: Frame,
    visit: VisitRow,
    client: String,
    message_sets: Vec<MessageSetRow>,
    further: Option<i64>,
}

#[derive(Template)]
#[template(path = "message_set.html")]
struct MessageSetPage {
    frame: Frame,
    set: MessageSetRow,
    /// What QuickBooks said of the set as a whole, where it said that something was wrong with it.
    said: Option<Entry>,
    attempts: Vec<Attempt>,
    request: Xml,
    response: Option<Xml>,
}

struct VisitRow {
    seq: i64,
    when: Ago,
    at: ClockTime,
    took: Option<Took>,
    sets: String,
    sent: String,
    submitted: String,
    attention: String,
    needs_attention: bool,
    result: String,
}

struct MessageSetRow {
    key: String,
    id: String,
    exchange: i64,
    purpose: &'static str,
    state: &'static str,
    at: ClockTime,
    answered: Option<Took>,
    records: String,
}

/// A text as it is shown, and how long it is.
struct Xml {
    text: String,
    size: String,
    is_cut: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let frame = Frame::load(&app, &desk, Section::History).await?;
    let days = day_bounds(&wanted.from, &wanted.to);
    let visits = match days {
        Some((from, until)) => {
            let from = from.unwrap_or(Timestamp::UNIX_EPOCH);
            let until = until.unwrap_or(Timestamp::MAX);
            app.store().visits_between(desk.company_id(), from, until, wanted.before, VISITS_MAX).await?
        }
        None => Vec::new(),
    };
    let crossings = app.store().crossings(desk.company_id(), chart::since(frame.now)).await?;
    let is_full = u32::try_from(visits.len()).is_ok_and(|count| count == VISITS_MAX);
    let page = HistoryPage {
        older: visits.last().filter(|_| is_full).map(|line| line.seq),
        visits: visits.iter().map(|line| VisitRow::of(line, &frame)).collect(),
        is_first: wanted.before.is_none(),
        chart: Chart::of(&crossings, frame.now),
        fault: days.is_none().then_some("One of the days cannot be understood. A day looks like 2026-11-20."),
        wanted,
        frame,
    };
    Ok(Html(page.render()?))
}

pub(super) async fn show_visit(
    State(app): State<App>,
    Path(names): Path<HashMap<String, String>>,
    Query(page): Query<After>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let seq: i64 = names.get("visit").and_then(|seq| seq.parse().ok()).ok_or(PageError::NotFound)?;
    let line = app.store().visits(desk.company_id(), Some(seq.saturating_add(1)), 1).await?.pop();
    let line = line.filter(|line| line.seq == seq).ok_or(PageError::NotFound)?;
    let sets = app.store().message_sets_of(desk.company_id(), line.visit.id, page.after, MESSAGE_SETS_MAX).await?;
    let is_full = u32::try_from(sets.len()).is_ok_and(|count| count == MESSAGE_SETS_MAX);
    let frame = Frame::load(&app, &desk, Section::History).await?;
    let page = VisitPage {
        visit: VisitRow::of(&line, &frame),
        client: line.visit.client,
        further: sets.last().filter(|_| is_full).map(|set| set.exchange),
        message_sets: sets.iter().map(|set| MessageSetRow::of(set, &frame)).collect(),
        frame,
    };
    Ok(Html(page.render()?))
}

pub(super) async fn show_message_set(
    State(app): State<App>,
    Path(names): Path<HashMap<String, String>>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let set = message_set(&app, &names, &desk).await?;
    let attempts = app.store().attempts_of(desk.company_id(), set.message_set.key).await?;
    let frame = Frame::load(&app, &desk, Section::History).await?;
    let page = MessageSetPage {
        said: set.response_xml.as_deref().and_then(said),
        request: Xml::of(&set.request_xml),
        response: set.response_xml.as_deref().map(Xml::of),
        set: MessageSetRow::of_set(&set.message_set, attempts.len(), &frame),
        attempts,
        frame,
    };
    Ok(Html(page.render()?))
}

fn said(response: &str) -> Option<Entry> {
    let short = Some(response).filter(|response| response.len() <= STATUS_BYTES_MAX)?;
    let code = MessageSetRs::from_xml(short).ok()?.message_set_status_code.filter(|code| *code != 0)?;
    explain(&format!("qb_{code}"), "")
}

/// The exact text, as it left or came.
pub(super) async fn download(
    State(app): State<App>,
    Path(names): Path<HashMap<String, String>>,
    desk: Desk,
) -> Result<([(HeaderName, HeaderValue); 2], String), PageError> {
    let set = message_set(&app, &names, &desk).await?;
    let (text, disposition) = match names.get("file").map(String::as_str) {
        Some("request.xml") => (Some(set.request_xml), "attachment; filename=\"request.xml\""),
        Some("response.xml") => (set.response_xml, "attachment; filename=\"response.xml\""),
        _ => (None, "attachment"),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
    ];
    Ok((headers, text.ok_or(PageError::NotFound)?))
}

async fn message_set(app: &App, names: &HashMap<String, String>, desk: &Desk) -> Result<MessageSetWithXml, PageError> {
    let key = names.get("message_set").and_then(|key| key.parse().ok()).ok_or(PageError::NotFound)?;
    app.store().message_set(desk.company_id(), key).await?.ok_or(PageError::NotFound)
}

impl VisitRow {
    fn of(line: &VisitLine, frame: &Frame) -> Self {
        let visit = &line.visit;
        Self {
            seq: line.seq,
            when: Ago { at: visit.opened_at, now: frame.now },
            at: ClockTime { at: visit.opened_at, now: frame.now },
            took: visit.closed_at.map(|closed| Took(closed.duration_since(visit.opened_at).as_secs())),
            sets: number(visit.message_set_count),
            sent: number(visit.sent_count),
            submitted: number(visit.submitted_count),
            attention: number(visit.attention_count),
            needs_attention: visit.attention_count > 0,
            result: ending(visit),
        }
    }
}

impl MessageSetRow {
    fn of(set: &MessageSetLine, frame: &Frame) -> Self {
        Self {
            key: set.key.to_string(),
            id: set.message_set_id.clone(),
            exchange: set.exchange,
            purpose: purpose(set.is_write),
            state: state(set.state),
            at: ClockTime { at: set.sent_at, now: frame.now },
            answered: set.answered_at.map(|at| Took(at.duration_since(set.sent_at).as_secs())),
            records: counted(set.attempt_count, "record", "records"),
        }
    }

    fn of_set(set: &MessageSet, attempts: usize, frame: &Frame) -> Self {
        let line = MessageSetLine {
            key: set.key,
            message_set_id: set.message_set_id.clone(),
            exchange: set.exchange,
            is_write: set.is_write,
            state: set.state,
            sent_at: set.sent_at,
            answered_at: set.answered_at,
            attempt_count: u64::try_from(attempts).unwrap_or(u64::MAX),
        };
        Self::of(&line, frame)
    }
}

impl Xml {
    fn of(text: &str) -> Self {
        let is_cut = text.len() > XML_SHOWN_MAX;
        let shown: String = text.chars().take(XML_SHOWN_MAX).collect();
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        Self { text: indented(&shown), size: counted(length, "byte", "bytes"), is_cut }
    }
}

fn ending(visit: &Visit) -> String {
    match (&visit.closed_at, &visit.outcome) {
        (None, _) => "In progress".to_owned(),
        (Some(_), Some(outcome)) if !outcome.is_empty() => outcome.clone(),
        (Some(_), _) => result(visit),
    }
}

const fn purpose(is_write: bool) -> &'static str {
    if is_write { "Sends records" } else { "Looks up" }
}

const fn state(state: MessageSetState) -> &'static str {
    match state {
        MessageSetState::Sent => "Answer awaited",
        MessageSetState::Unsettled => "The answer never came; the next visit asks about it",
        MessageSetState::Settled => "Answered",
        MessageSetState::Abandoned => "The answer never came; it only read",
    }
}
