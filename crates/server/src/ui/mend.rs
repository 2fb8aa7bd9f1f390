//! What the buttons under Needs Attention do: some at once, the others on a page that first shows what will happen.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use bookferry_store::{LastMove, Mending, RecordContent, Teaching, Unlearned, Unmappable, Waiting};
use bookferry_sync::cause::Remedy;
use bookferry_sync::id::RecordId;
use bookferry_sync::submission::Event;
use jiff::Timestamp;

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::mend_page;
use super::notice::{nothing_selected, nothing_to_undo, told};
use super::page_error::PageError;
use super::remedy_form::Filled;
use crate::App;

/// Records read, and mended, at a time.
const SLICE: u32 = 500;
/// How a mending stands among a person's last moves, before its word.
const LAST: &str = "mend:";

/// The records that a form is about.
#[derive(Debug, Clone)]
pub(super) enum Picked {
    Ids(Vec<RecordId>),
    Everything(Waiting),
}

/// Buttons of a cause: does it, or shows the page on which it is prepared.
pub(super) async fn act(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Response, PageError> {
    let remedy = remedy(&form)?;
    let Some(picked) = Picked::read(&form) else {
        return Ok(Redirect::to(&back(&desk, &form, &nothing_selected(""))).into_response());
    };
    if remedy.asks_first() {
        return mend_page::show(&app, &desk, &form, remedy, &picked).await;
    }
    let Filled::Ready(filled) = Filled::read(&app, &desk, &form, remedy, &picked).await? else {
        return Err(PageError::Unreadable);
    };
    let (done, left) = filled.carry_out(&app, &desk, &picked).await?.map_err(|_| PageError::Unreadable)?;
    Ok(Redirect::to(&back(&desk, &form, &told("", word_of(remedy), done, left, None))).into_response())
}

/// The page of one record's button, reached by a link.
pub(super) async fn prepare(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Response, PageError> {
    let form = Form::of_query(query.as_deref().unwrap_or_default());
    // A page that a form led to has no more than this in its address.
    let (Ok(remedy), Some(picked)) = (remedy(&form), Picked::read(&form)) else {
        return Ok(Redirect::to(&desk.path("attention")).into_response());
    };
    mend_page::show(&app, &desk, &form, remedy, &picked).await
}

/// The button on that page.
pub(super) async fn carry_out(
    State(app): State<App>,
    DeskForm { desk, form }: DeskForm,
) -> Result<Response, PageError> {
    let remedy = remedy(&form)?;
    let picked = Picked::read(&form).ok_or(PageError::Unreadable)?;
    if form.get("show").is_some() {
        return mend_page::show(&app, &desk, &form, remedy, &picked).await;
    }
    match Filled::read(&app, &desk, &form, remedy, &picked).await? {
        Filled::Ready(filled) => match filled.carry_out(&app, &desk, &picked).await? {
            Ok((done, left)) => {
                Ok(Redirect::to(&back(&desk, &form, &told("", word_of(remedy), done, left, None))).into_response())
            }
            Err(faults) => mend_page::show_again(&app, &desk, &form, remedy, &picked, faults).await,
        },
        Filled::Faulty(faults) => mend_page::show_again(&app, &desk, &form, remedy, &picked, faults).await,
    }
}

/// Takes one mending back, of a record or of all that it mended.
pub(super) async fn undo(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Redirect, PageError> {
    let at = form.get("at").and_then(|at| at.parse().ok()).and_then(|at| Timestamp::from_microsecond(at).ok());
    let at = at.ok_or(PageError::Unreadable)?;
    let only = form.get("id").and_then(|id| id.parse().ok());
    let expected = if only.is_some() { 1 } else { app.store().mended_at(desk.company_id(), at).await? };
    let (taken_back, names) =
        app.store().take_back(desk.company_id(), at, only, &desk.actor(), app.clock().now()).await?;
    let deed = match names {
        Unlearned::Nothing => "undo_mend",
        Unlearned::TakenBack => "undo_mend_names",
        Unlearned::Stays => "undo_mend_alone",
    };
    let query = match taken_back {
        0 => nothing_to_undo(""),
        taken_back => told("", deed, taken_back, expected.saturating_sub(taken_back), None),
    };
    Ok(Redirect::to(&back(&desk, &form, &query)))
}

/// The person's last mending, while anything of it can be taken back; with its word.
pub(super) async fn undoable(app: &App, desk: &Desk) -> Result<Option<(Remedy, LastMove)>, PageError> {
    let Some(last) = app.store().last_move(desk.signed_in.person.id, desk.company_id()).await? else { return Ok(None) };
    let Some(remedy) = last.deed.strip_prefix(LAST).and_then(|word| word.parse().ok()) else { return Ok(None) };
    let left = app.store().mended_at(desk.company_id(), last.at).await?;
    Ok((left > 0).then_some((remedy, LastMove { record_count: left, ..last })))
}

/// Carries a decision out on everything that is picked, slice by slice; with how many were left as they are. What is said of
/// names besides is said with the first records that it mends; why not, where it cannot be said.
pub(super) async fn mend_each(
    app: &App,
    desk: &Desk,
    remedy: Remedy,
    picked: &Picked,
    teaching: Option<Teaching<'_>>,
    decide: impl Fn(&RecordContent) -> Option<Mending>,
) -> Result<Result<(u64, u64), Vec<(usize, Unmappable)>>, PageError> {
    let (store, company, now) = (app.store(), desk.company_id(), app.clock().now());
    let (mut done, mut seen, mut after_seq) = (0, 0, 0);
    loop {
        let slice = picked.slice(app, desk, after_seq).await?;
        let Some(last) = slice.last() else { break };
        after_seq = last.line.seq;
        seen += u64::try_from(slice.len()).unwrap_or(u64::MAX);
        let mendings: Vec<Mending> = slice.iter().filter_map(&decide).collect();
        if mendings.is_empty() {
            continue;
        }
        let (deed, actor) = (remedy.as_str(), desk.actor());
        done += match teaching.filter(|_| done == 0) {
            None => store.mend(company, deed, &mendings, &actor, now).await?,
            Some(teaching) => match store.mend_and_teach(company, deed, teaching, &mendings, &actor, now).await? {
                Ok(mended) => mended,
                Err(refused) => return Ok(Err(refused)),
            },
        };
    }
    if done > 0 {
        let last = LastMove { deed: format!("{LAST}{}", remedy.as_str()), at: now, record_count: done };
        store.note_last_move(desk.signed_in.person.id, company, &last).await?;
    }
    Ok(Ok((done, seen.saturating_sub(done))))
}

/// The event of a button that corrects nothing, and that many records can be given at once.
pub(super) const fn event(remedy: Remedy) -> Option<Event> {
    match remedy {
        Remedy::Retry | Remedy::Resend => Some(Event::Retry),
        Remedy::SendChange => Some(Event::SendChange),
        Remedy::KeepQuickBooks => Some(Event::KeepQuickBooks),
        Remedy::Exclude => Some(Event::Exclude),
        Remedy::Rename
        | Remedy::Shorten
        | Remedy::Correct
        | Remedy::Redate
        | Remedy::ApplyOpen
        | Remedy::Link
        | Remedy::Relink
        | Remedy::Create
        | Remedy::AlreadyInQuickBooks
        | Remedy::NotInQuickBooks
        | Remedy::Snooze
        | Remedy::Assign
        | Remedy::Comment => None,
    }
}

pub(super) fn back(desk: &Desk, form: &Form, query: &str) -> String {
    let record = form.get("back").and_then(|id| id.parse::<RecordId>().ok());
    match record {
        Some(record) => format!("{}?{query}", desk.path(&format!("records/{record}"))),
        None => format!("{}?{query}", desk.path("attention")),
    }
}

impl Picked {
    /// `None` where nothing is ticked.
    pub(super) fn read(form: &Form) -> Option<Self> {
        if form.get("everything").is_some() {
            let seen_until = form.get("seen_until").and_then(|micros| micros.parse().ok());
            return Some(Self::Everything(Waiting {
                attention: form.get("attention").unwrap_or_default().to_owned(),
                cause_code: form.get("cause_code").filter(|code| !code.is_empty()).map(str::to_owned),
                seen_until: seen_until.and_then(|micros| Timestamp::from_microsecond(micros).ok())?,
            }));
        }
        let mut ids: Vec<RecordId> = form.all("id").filter_map(|id| id.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        (!ids.is_empty()).then_some(Self::Ids(ids))
    }

    /// The records after the one with that `seq`.
    pub(super) async fn slice(&self, app: &App, desk: &Desk, after_seq: i64) -> Result<Vec<RecordContent>, PageError> {
        match self {
            Self::Ids(_) if after_seq > 0 => Ok(Vec::new()),
            Self::Ids(ids) => Ok(app.store().contents(desk.company_id(), ids).await?),
            Self::Everything(waiting) => Ok(app.store().waiting(desk.company_id(), waiting, after_seq, SLICE).await?),
        }
    }

    /// What a further form says to be about the same.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Ids(ids) => ids.iter().map(|id| ("id", id.to_string())).collect(),
            Self::Everything(waiting) => vec![
                ("everything", "1".to_owned()),
                ("attention", waiting.attention.clone()),
                ("cause_code", waiting.cause_code.clone().unwrap_or_default()),
                ("seen_until", waiting.seen_until.as_microsecond().to_string()),
            ],
        }
    }
}

/// What is told afterwards: a person's own word for it counts at once, a search only once a visit has looked.
const fn word_of(remedy: Remedy) -> &'static str {
    if matches!(remedy, Remedy::AlreadyInQuickBooks) {
        "sought"
    } else if matches!(remedy, Remedy::Relink) {
        Remedy::Link.as_str()
    } else {
        remedy.as_str()
    }
}

fn remedy(form: &Form) -> Result<Remedy, PageError> {
    form.get("deed").and_then(|word| word.parse().ok()).ok_or(PageError::Unreadable)
}
