//! The page between a button that mends and what it does: what is to be filled in, and what will happen to which records.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use bookferry_store::RecordContent;
use bookferry_sync::cause::Remedy;
use bookferry_sync::company::Voids;
use bookferry_sync::correction::{Correction, Field, corrected, fields};
use bookferry_sync::id::RecordId;
use bookferry_sync::record::RecordKind;
use jiff::ToSpan as _;

use super::care::people;
use super::desk::Desk;
use super::difference::{Difference, differences};
use super::form::Form;
use super::frame::{Frame, Section};
use super::link_page::{self, NameRow};
use super::mend::{Picked, back};
use super::moment::today;
use super::money::{self, counted, sum};
use super::page_error::PageError;
use super::remedy_form::{Choice, Filled, SUFFIX};
use super::row::name;
use super::sentence::Sentence;
use crate::App;

/// Records shown with what changes in them; all are counted.
const ROWS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "mend.html")]
struct MendPage {
    frame: Frame,
    word: &'static str,
    label: String,
    about: &'static str,
    /// "3 records", and what they come to.
    records: String,
    sum: String,
    /// Those among them to which this can be done.
    done_to: Option<String>,
    can_be_done: bool,
    hidden: Vec<(&'static str, String)>,
    faults: Vec<Sentence>,
    /// The texts of one record, to be written anew.
    fields: Vec<Field>,
    suffix: Option<String>,
    date: Option<String>,
    names: Vec<NameRow>,
    /// What the names stand for is chosen; else they are created.
    is_link: bool,
    place: Option<String>,
    until: Option<String>,
    people: Option<Vec<String>>,
    comment: Option<String>,
    can_be_undone: bool,
    rows: Vec<PreviewRow>,
    more: Option<String>,
    back: String,
}

struct PreviewRow {
    id: RecordId,
    name: String,
    customer: String,
    amount: String,
    differences: Vec<Difference>,
    note: String,
}

pub(super) async fn show(
    app: &App,
    desk: &Desk,
    form: &Form,
    remedy: Remedy,
    picked: &Picked,
) -> Result<Response, PageError> {
    page(app, desk, form, remedy, picked, Vec::new()).await.map(|page| Html(page).into_response())
}

/// As it was filled in, with why nothing was done.
pub(super) async fn show_again(
    app: &App,
    desk: &Desk,
    form: &Form,
    remedy: Remedy,
    picked: &Picked,
    faults: Vec<String>,
) -> Result<Response, PageError> {
    let page = page(app, desk, form, remedy, picked, faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

async fn page(
    app: &App,
    desk: &Desk,
    form: &Form,
    remedy: Remedy,
    picked: &Picked,
    faults: Vec<String>,
) -> Result<String, PageError> {
    let frame = Frame::load(app, desk, Section::NeedsAttention).await?;
    let form = &form.with_default("date", || date_proposed(desk, &frame));
    let choice = match Filled::read(app, desk, form, remedy, picked).await {
        Ok(Filled::Ready(choice)) => Some(choice),
        Ok(Filled::Faulty(_)) | Err(PageError::Unreadable) => None,
        Err(error) => return Err(error),
    };
    let tally = Tally::of(app, desk, picked, remedy, choice.as_ref()).await?;
    let Some(first) = tally.first else { return Err(PageError::NotFound) };
    let is_written = remedy == Remedy::Correct || (remedy == Remedy::Shorten && tally.count == 1);
    let mut hidden = picked.fields();
    hidden.extend(form.get("back").map(|back| ("back", back.to_owned())));
    if is_written {
        hidden.extend([("version", first.line.version.to_string()), ("texts", "1".to_owned())]);
    }
    let is_correction = matches!(remedy, Remedy::Rename | Remedy::Shorten | Remedy::Redate | Remedy::ApplyOpen);
    let is_of_names = matches!(remedy, Remedy::Link | Remedy::Relink | Remedy::Create);
    let is_alone = tally.count == 1;
    let page = MendPage {
        names: if is_of_names { link_page::names(app, desk, picked).await? } else { Vec::new() },
        is_link: matches!(remedy, Remedy::Link | Remedy::Relink),
        place: (remedy == Remedy::AlreadyInQuickBooks && is_alone)
            .then(|| form.get("place").unwrap_or(&first.line.number).to_owned()),
        until: (remedy == Remedy::Snooze).then(|| form.get("until").map_or_else(|| next_week(&frame), str::to_owned)),
        people: if remedy == Remedy::Assign { Some(people(app, desk).await?) } else { None },
        comment: (remedy == Remedy::Comment).then(|| form.get("comment").unwrap_or_default().to_owned()),
        can_be_undone: !matches!(
            remedy,
            Remedy::AlreadyInQuickBooks | Remedy::Snooze | Remedy::Assign | Remedy::Comment
        ),
        word: remedy.as_str(),
        label: remedy.label().trim_end_matches('\u{2026}').to_owned(),
        about: remedy.preview(),
        records: counted(tally.count, "record", "records"),
        sum: sum(tally.sum_e5),
        done_to: (is_correction && tally.done_to != tally.count)
            .then(|| counted(tally.done_to, "of them is changed", "of them are changed")),
        can_be_done: !is_correction || tally.done_to > 0,
        faults: faults.iter().map(|fault| Sentence::new(fault)).collect(),
        fields: if is_written { written(form, &first, remedy) } else { Vec::new() },
        suffix: (remedy == Remedy::Rename).then(|| form.get("suffix").unwrap_or(SUFFIX).to_owned()),
        date: (remedy == Remedy::Redate).then(|| form.get("date").unwrap_or_default().to_owned()),
        more: (tally.count > tally.rows.len() as u64)
            .then(|| counted(tally.count - tally.rows.len() as u64, "more like this", "more like these")),
        rows: if is_written { Vec::new() } else { tally.rows },
        back: back(desk, form, ""),
        hidden,
        frame,
    };
    Ok(page.render()?)
}

/// What is picked, counted, with the first of it.
#[derive(Default)]
struct Tally {
    count: u64,
    sum_e5: i64,
    done_to: u64,
    rows: Vec<PreviewRow>,
    first: Option<RecordContent>,
}

impl Tally {
    async fn of(
        app: &App,
        desk: &Desk,
        picked: &Picked,
        remedy: Remedy,
        choice: Option<&Choice>,
    ) -> Result<Self, PageError> {
        let voids = desk.company().settings.voids;
        let mut tally = Self::default();
        let mut after_seq = 0;
        loop {
            let slice = picked.slice(app, desk, after_seq).await?;
            let Some(last) = slice.last() else { return Ok(tally) };
            after_seq = last.line.seq;
            for record in slice {
                let now = choice.and_then(|choice| choice.content(&record));
                tally.count += 1;
                tally.sum_e5 = tally.sum_e5.saturating_add(record.line.amount.e5());
                tally.done_to += u64::from(now.is_some());
                if tally.rows.len() < ROWS_MAX {
                    let payments = payments_of(app, desk, &record).await?;
                    let differences = now.map(|now| differences(&record.content, &now)).unwrap_or_default();
                    let voids = (remedy == Remedy::SendChange && record.voided).then_some(voids);
                    tally.rows.push(PreviewRow::of(&record, differences, payments, voids));
                }
                tally.first.get_or_insert(record);
            }
        }
    }
}

impl PreviewRow {
    /// With `voids`, the change that is sent is that the application voided the record.
    fn of(record: &RecordContent, differences: Vec<Difference>, payments: u64, voids: Option<Voids>) -> Self {
        let waiting = counted(payments, "payment waits for it", "payments wait for it");
        Self {
            id: record.line.id,
            name: name(&record.line),
            customer: record.line.customer.clone(),
            amount: money::of(&record.line),
            differences,
            note: match voids {
                Some(voids) if voids.deletes(record.line.kind) => "It is deleted in QuickBooks, for good.".to_owned(),
                Some(_) => "It is voided in QuickBooks: it stays there, with amounts of zero.".to_owned(),
                None if payments > 0 => waiting,
                None => String::new(),
            },
        }
    }
}

/// Payments that can only go once the invoice has.
async fn payments_of(app: &App, desk: &Desk, record: &RecordContent) -> Result<u64, PageError> {
    if record.line.kind != RecordKind::Invoice || record.line.state.posted().is_some() {
        return Ok(0);
    }
    let payments = app.store().payments_of(desk.company_id(), &record.line.external_id).await?;
    Ok(u64::try_from(payments.len()).unwrap_or(u64::MAX))
}

fn next_week(frame: &Frame) -> String {
    let today = today(frame.now);
    today.checked_add(7.days()).unwrap_or(today).to_string()
}

/// The day after the books were closed, or today.
fn date_proposed(desk: &Desk, frame: &Frame) -> String {
    let closing_date = desk.company().books.as_ref().and_then(|books| books.closing_date);
    let open = closing_date.and_then(|date| date.tomorrow().ok());
    let today = today(frame.now);
    open.map_or(today, |open| open.max(today)).to_string()
}

/// The texts as they were filled in, or as they are proposed.
fn written(form: &Form, record: &RecordContent, remedy: Remedy) -> Vec<Field> {
    let proposed = (remedy == Remedy::Shorten).then(|| corrected(&record.content, &Correction::Shorten).ok()).flatten();
    let proposed = fields(proposed.as_ref().unwrap_or(&record.content));
    let text = |field: &Field| form.get(&field.pointer).unwrap_or(&field.text).to_owned();
    proposed.into_iter().map(|field| Field { text: text(&field), ..field }).collect()
}
