//! The grid: invoices and payments under a filter.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use bookferry_store::{COUNTED_AT_ONCE_MAX, Cursor, LastMove, Page, RecordLine, SavedView, Sort, Store, Total};
use bookferry_sync::id::CompanyId;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use super::desk::Desk;
use super::frame::{Frame, Section};
use super::layout::{COLUMNS, Layout};
use super::moment::Ago;
use super::money::{count, counted, sum};
use super::moves::undoable;
use super::notice::{Notice, told_deed};
use super::page_error::PageError;
use super::row::{Mark, Row, plural, rows};
use super::view::{Place, View, sort_of};
use crate::App;

const PAGE_ROWS: u32 = 100;

#[derive(Template)]
#[template(path = "submissions.html")]
struct SubmissionsPage {
    frame: Frame,
    view: View,
    notice: Option<Notice>,
    filters: Vec<StatusFilter>,
    columns: Vec<Column>,
    groups: Vec<Group>,
    total: Figures,
    views: Vec<SavedView>,
    undo: Option<Undo>,
    previous: Option<String>,
    next: Option<String>,
    /// Microseconds; what changes after it is not part of "all that match".
    seen_until: i64,
}

struct StatusFilter {
    mark: Mark,
    count: String,
    is_on: bool,
}

struct Column {
    name: &'static str,
    label: &'static str,
    is_shown: bool,
    width: Option<u32>,
    class: &'static str,
    /// As in `aria-sort`; empty where the grid is not sorted by it.
    order: &'static str,
    query: String,
}

struct Group {
    kind: &'static str,
    label: &'static str,
    figures: Figures,
    rows: Vec<Row>,
}

/// What the person did last to many records, and can take back.
struct Undo {
    at: i64,
    told: String,
    when: Ago,
}

/// Count and sum of everything that matches, not of what the page shows.
struct Figures {
    /// `None` where nobody should have to wait for it.
    total: Option<Total>,
}

/// A page of the grid, in its order, with what lies before and after it.
struct Slice {
    lines: Vec<RecordLine>,
    previous: Option<Cursor>,
    next: Option<Cursor>,
}

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let query = query.unwrap_or_default();
    Ok(Html(load(&app, &desk, &query).await?.render()?))
}

async fn load(app: &App, desk: &Desk, query: &str) -> Result<SubmissionsPage, PageError> {
    let frame = Frame::load(app, desk, Section::Submissions).await?;
    let view = View::read(query);
    let company = desk.company_id();
    let (slice, totals) = if view.is_usable() {
        let slice = read_slice(app.store(), company, &view).await?;
        (slice, read_totals(app.store(), company, &view).await?)
    } else {
        (Slice { lines: Vec::new(), previous: None, next: None }, Some(Vec::new()))
    };
    let groups = group(app.store(), company, &slice.lines, totals.as_deref(), &frame).await?;
    let total = totals.map(|totals| {
        totals.iter().fold(Total::default(), |all, (_, total)| Total {
            count: all.count + total.count,
            sum_e5: all.sum_e5.saturating_add(total.sum_e5),
        })
    });
    Ok(SubmissionsPage {
        notice: match Notice::read(query) {
            Some(notice) => Some(notice.with_others(app, desk, frame.now).await?),
            None => None,
        },
        views: app.store().saved_views(desk.signed_in.person.id, company).await?,
        undo: undoable(app, desk).await?.map(|last| Undo::of(&last, frame.now)),
        filters: status_filters(&frame, &view),
        columns: columns(&view, &frame.layout),
        groups,
        total: Figures { total },
        previous: slice.previous.map(|cursor| view.query_at("before", &cursor)),
        next: slice.next.map(|cursor| view.query_at("after", &cursor)),
        seen_until: frame.now.as_microsecond(),
        view,
        frame,
    })
}

async fn read_totals(
    store: &Store,
    company: CompanyId,
    view: &View,
) -> Result<Option<Vec<(RecordKind, Total)>>, PageError> {
    let filter = view.filter();
    if view.wants_count {
        return Ok(Some(store.totals(company, &filter).await?));
    }
    Ok(store.quick_totals(company, &filter).await?)
}

/// Going back is going forward in the other order.
async fn read_slice(store: &Store, company: CompanyId, view: &View) -> Result<Slice, PageError> {
    let Sort { by, ascending } = view.sort;
    let filter = view.filter();
    if let Place::Before(cursor) = &view.place {
        let backwards = Sort { by, ascending: !ascending };
        let Page { mut lines, next } = store.records(company, &filter, backwards, Some(cursor), PAGE_ROWS).await?;
        lines.reverse();
        let previous = next.and(lines.first()).map(|line| Cursor::at(line, by));
        let next = lines.last().map(|line| Cursor::at(line, by));
        return Ok(Slice { lines, previous, next });
    }
    let after = match &view.place {
        Place::After(cursor) => Some(cursor),
        Place::Start | Place::Before(_) => None,
    };
    let Page { lines, next } = store.records(company, &filter, view.sort, after, PAGE_ROWS).await?;
    let previous = after.and(lines.first()).map(|line| Cursor::at(line, by));
    Ok(Slice { lines, previous, next })
}

/// Always both groups, so that each is where it was.
async fn group(
    store: &Store,
    company: CompanyId,
    lines: &[RecordLine],
    totals: Option<&[(RecordKind, Total)]>,
    frame: &Frame,
) -> Result<Vec<Group>, PageError> {
    let mut groups: Vec<Group> = RecordKind::ALL
        .into_iter()
        .map(|kind| Group {
            kind: kind.as_str(),
            label: plural(kind),
            figures: Figures {
                total: totals.map(|totals| {
                    totals.iter().find(|(known, _)| *known == kind).map_or_else(Total::default, |(_, total)| *total)
                }),
            },
            rows: Vec::new(),
        })
        .collect();
    for (line, row) in lines.iter().zip(rows(store, company, lines, frame.now).await?) {
        if let Some(group) = groups.iter_mut().find(|group| group.kind == line.kind.as_str()) {
            group.rows.push(row);
        }
    }
    Ok(groups)
}

/// Every status can be asked for; Held Back only where there are such records.
fn status_filters(frame: &Frame, view: &View) -> Vec<StatusFilter> {
    let filters = Status::ALL.into_iter().map(|status| {
        let held = frame.summary.of_status(status).count;
        (status, held, StatusFilter { mark: Mark(status), count: count(held), is_on: view.shows(status) })
    });
    let shown = filters.filter(|(status, held, filter)| *status != Status::HeldBack || *held > 0 || filter.is_on);
    shown.map(|(_, _, filter)| filter).collect()
}

fn columns(view: &View, layout: &Layout) -> Vec<Column> {
    let columns = COLUMNS.into_iter().map(|(name, label)| {
        let by = sort_of(name);
        Column {
            name,
            label,
            is_shown: layout.shows(name),
            width: layout.widths.get(name).copied(),
            class: if name == "amount" { "num" } else { "" },
            order: match by {
                Some(by) if by == view.sort.by && view.sort.ascending => "ascending",
                Some(by) if by == view.sort.by => "descending",
                _ => "",
            },
            query: by.map(|by| view.sorted_by(by).query()).unwrap_or_default(),
        }
    });
    columns.collect()
}

impl Undo {
    fn of(last: &LastMove, now: Timestamp) -> Self {
        Self {
            at: last.at.as_microsecond(),
            told: format!("{} {}", counted(last.record_count, "record", "records"), told_deed(&last.deed)),
            when: Ago { at: last.at, now },
        }
    }
}

impl SubmissionsPage {
    fn shown_rows(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum()
    }

    fn shows(&self, column: &str) -> bool {
        self.frame.layout.shows(column)
    }

    /// The class of a cell whose column has a width: what does not fit is cut off.
    fn cut(&self, column: &str) -> &'static str {
        if self.frame.layout.widths.contains_key(column) { "cut" } else { "" }
    }

    fn shown_columns(&self) -> usize {
        self.columns.iter().filter(|column| column.is_shown).count()
    }

    fn is_queue_empty(&self) -> bool {
        Status::ALL.into_iter().all(|status| self.frame.summary.of_status(status).count == 0)
    }

    fn has_older(&self) -> bool {
        self.frame.summary.of_status(Status::HeldBack).count > 0
    }

    /// Why nothing is said of how many match.
    fn uncounted(&self) -> String {
        if self.view.text.is_empty() {
            format!("More than {} records match", count(COUNTED_AT_ONCE_MAX))
        } else {
            "More than 2,000 records have this text".to_owned()
        }
    }

    fn offers(&self, word: &str) -> bool {
        self.view.statuses.iter().any(|status| status.as_str() == word)
    }
}

impl Group {
    /// Without anything to tick: neither here nor, as far as it is known, elsewhere.
    fn is_bare(&self) -> bool {
        self.figures.total.map_or_else(|| self.rows.is_empty(), |total| total.count == 0)
    }

    /// The ids on this page, for a browser without the script.
    fn shown_ids(&self) -> String {
        self.rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join(" ")
    }
}

impl Figures {
    /// "4,312 · $96,318.20".
    fn told(&self) -> String {
        self.total.map_or_else(String::new, |total| format!("{} · {}", count(total.count), sum(total.sum_e5)))
    }

    /// "4,312 records · $96,318.20".
    fn records(&self) -> String {
        let told = |total: Total| format!("{} · {}", counted(total.count, "record", "records"), sum(total.sum_e5));
        self.total.map_or_else(String::new, told)
    }
}
