//! What stands around every page of a company: the menu, the tabs with their counts, and the connection strip.

use bookferry_store::{Pulse, Role, Summary, Visit};
use bookferry_sync::digest::silent_after;
use bookferry_sync::submission::Status;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::assets::Assets;
use super::desk::{Desk, companies_of};
use super::layout::Layout;
use super::moment::{Ago, ClockTime};
use super::money::{count, counted};
use super::notices::Told;
use super::page_error::PageError;
use super::underway::Move;
use crate::App;

#[derive(Debug)]
pub(super) struct Frame {
    pub(super) assets: Assets,
    pub(super) section: Section,
    /// `/companies/…`, without a slash at the end.
    pub(super) base: String,
    pub(super) company_name: String,
    /// Empty where there is nothing to choose from.
    pub(super) companies: Vec<Choice>,
    pub(super) email: String,
    pub(super) role: &'static str,
    pub(super) may_write: bool,
    pub(super) is_admin: bool,
    pub(super) form_token: String,
    pub(super) strip: Strip,
    /// How far moves of very many records are.
    pub(super) underway: Vec<Move>,
    pub(super) notices: Vec<Told>,
    pub(super) summary: Summary,
    /// Of what needs attention, how much is out of the way for a while.
    snoozed: u64,
    /// What had happened when the page was made; taken before anything else, so that nothing is missed.
    pub(super) pulse: Pulse,
    pub(super) layout: Layout,
    pub(super) now: Timestamp,
}

/// The place in the menu, or under the tabs, that the page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Submissions,
    NeedsAttention,
    History,
    Lists,
    Setup,
    People,
    Help,
}

#[derive(Debug)]
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) is_current: bool,
}

#[derive(Debug)]
pub(super) struct Strip {
    pub(super) health: Health,
    pub(super) heard: Option<Ago>,
    /// As whom the Web Connector signs in.
    pub(super) user_name: String,
    pub(super) next: Option<ClockTime>,
    /// When the quiet hours that it is in end, by the company's clock, and where that hangs.
    pub(super) quiet_until: Option<(String, String)>,
    pub(super) company_file: Option<String>,
    pub(super) running: Option<Running>,
    pub(super) last: Option<LastVisit>,
}

/// The visit in progress: "37 of 214".
#[derive(Debug)]
pub(super) struct Running {
    pub(super) settled: u64,
    pub(super) of: u64,
}

/// What of a visit's memory says how much there was to do when it began.
#[derive(Default, Deserialize)]
struct Memory {
    #[serde(default)]
    state: Started,
}

#[derive(Default, Deserialize)]
struct Started {
    #[serde(default)]
    ready_at_start: u64,
}

#[derive(Debug)]
pub(super) struct LastVisit {
    pub(super) when: Ago,
    pub(super) result: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Never,
    Connected,
    Late,
    Silent,
}

/// Two visits missed in a row are not chance any more.
const MISSED_BY_CHANCE: i32 = 2;
/// A call may take as long as this to be made and noted.
const CALL_MAX: SignedDuration = SignedDuration::from_mins(1);
/// Visits that went wrong one after the other, as far as they are counted; the one that is running comes on top.
const TROUBLES_SHOWN: u32 = 3;

impl Frame {
    pub(super) async fn load(app: &App, desk: &Desk, section: Section) -> Result<Self, PageError> {
        let now = app.clock().now();
        let company = desk.company();
        let pulse = app.store().pulse(company.id).await?;
        let companies = companies_of(app, &desk.signed_in).await?;
        let choices = companies.into_iter().map(|choice| Choice {
            is_current: choice.id == company.id,
            id: choice.id.to_string(),
            name: choice.name,
        });
        let choices: Vec<Choice> = choices.collect();
        let visits = app.store().visits(company.id, None, TROUBLES_SHOWN + 1).await?;
        let visits: Vec<Visit> = visits.into_iter().map(|line| line.visit).collect();
        let summary = app.store().summary(company.id).await?;
        let notices = app.store().notices(company.id).await?;
        let is_admin = desk.signed_in.is_admin();
        Ok(Self {
            assets: Assets,
            section,
            base: format!("/companies/{}", company.id),
            company_name: company.name.clone(),
            companies: if choices.len() > 1 { choices } else { Vec::new() },
            email: desk.signed_in.person.email.clone(),
            role: role(desk.signed_in.person.role),
            may_write: desk.signed_in.may_write(),
            is_admin: desk.signed_in.is_admin(),
            form_token: desk.signed_in.form_token.clone(),
            strip: Strip::of(desk, &visits, &summary, app.calls_every(), now),
            underway: app.underway().of(company.id),
            notices: notices.iter().map(|line| Told::of(line, is_admin, now)).collect(),
            snoozed: app.store().snoozed_count(company.id, now).await?,
            summary,
            pulse,
            layout: Layout::of(&desk.signed_in.person),
            now,
        })
    }

    /// How many records wait for somebody now: what is put off does not.
    pub(super) fn attention(&self) -> u64 {
        self.summary.of_status(Status::NeedsAttention).count.saturating_sub(self.snoozed)
    }

    /// On the badge.
    pub(super) fn attention_count(&self) -> String {
        count(self.attention())
    }

    /// What the menu link says aloud.
    pub(super) fn queue_name(&self) -> String {
        match self.attention() {
            0 => "QuickBooks Sync Queue".to_owned(),
            1 => "QuickBooks Sync Queue, 1 needs attention".to_owned(),
            waiting => format!("QuickBooks Sync Queue, {} need attention", count(waiting)),
        }
    }

    /// On the tab: what waits to be sent or is on its way.
    pub(super) fn queued_count(&self) -> String {
        let statuses = [Status::Unsent, Status::ReadyToSync, Status::Sending, Status::Unconfirmed];
        count(statuses.into_iter().map(|status| self.summary.of_status(status).count).sum())
    }

    /// Before QuickBooks was ever heard, an administrator is led to what is missing.
    pub(super) fn queue_path(&self) -> String {
        let is_set_up = self.strip.health != Health::Never;
        let place = if is_set_up || !self.is_admin { "submissions" } else { "setup" };
        format!("{}/{place}", self.base)
    }

    pub(super) fn is_sync_manager(&self) -> bool {
        match self.section {
            Section::Submissions | Section::NeedsAttention | Section::History | Section::Lists => true,
            Section::Setup | Section::People | Section::Help => false,
        }
    }

    /// Where a form that concerns the whole desk leads back to.
    pub(super) fn place(&self) -> &'static str {
        match self.section {
            Section::Submissions => "submissions",
            Section::NeedsAttention => "attention",
            Section::History => "history",
            Section::Lists => "lists",
            Section::Setup => "setup",
            Section::People => "people",
            Section::Help => "help",
        }
    }

    pub(super) fn is_at(&self, section: Section) -> bool {
        self.section == section
    }

    /// "(3) Needs Attention": the count is legible in a row of browser tabs.
    pub(super) fn title(&self) -> String {
        let place = match self.section {
            Section::Submissions => "Submissions",
            Section::NeedsAttention => "Needs Attention",
            Section::History => "History",
            Section::Lists => "Lists",
            Section::Setup => "Setup",
            Section::People => "People and keys",
            Section::Help => "Help",
        };
        match self.attention() {
            0 => format!("{place} · {} · Bookferry", self.company_name),
            waiting => format!("({}) {place} · {} · Bookferry", count(waiting), self.company_name),
        }
    }
}

impl Strip {
    fn of(desk: &Desk, visits: &[Visit], summary: &Summary, every: SignedDuration, now: Timestamp) -> Self {
        let heard_at = desk.connection.last_heard_at;
        let late_after = every.saturating_mul(MISSED_BY_CHANCE).saturating_add(CALL_MAX);
        let health = match heard_at.map(|heard_at| now.duration_since(heard_at)) {
            None => Health::Never,
            Some(silence) if silence > silent_after() => Health::Silent,
            Some(silence) if silence > late_after => Health::Late,
            Some(_) => Health::Connected,
        };
        let company = desk.company();
        let books = company.books.as_ref();
        let quiet_until = books.and_then(|_| company.settings.quiet_until(now));
        let zone = &company.settings.time_zone;
        let running = visits.iter().find(|visit| visit.closed_at.is_none());
        Self {
            health,
            heard: heard_at.map(|at| Ago { at, now }),
            user_name: desk.connection.user_name.clone(),
            next: heard_at
                .filter(|_| health == Health::Connected && quiet_until.is_none())
                .and_then(|at| at.checked_add(every).ok())
                .map(|at| ClockTime { at, now }),
            quiet_until: quiet_until.map(|until| (zone.wall_clock(until, now), zone.to_string())),
            company_file: books.map(|books| books.company_name.clone()).filter(|name| !name.is_empty()),
            running: running.map(|visit| Running::of(visit, summary)),
            last: last(visits, now),
        }
    }

    pub(super) fn lamp(&self) -> &'static str {
        match self.health {
            Health::Connected => "good",
            Health::Late => "wait",
            Health::Silent => "bad",
            Health::Never => "none",
        }
    }

    pub(super) fn is_never(&self) -> bool {
        self.health == Health::Never
    }

    pub(super) fn is_late(&self) -> bool {
        matches!(self.health, Health::Late | Health::Silent)
    }
}

impl Running {
    /// As the Web Connector is told: what was ready when the visit began. Payments that could go once their invoice
    /// had gone come on top.
    fn of(visit: &Visit, summary: &Summary) -> Self {
        let memory: Memory = serde_json::from_str(&visit.session).unwrap_or_default();
        let settled = u64::try_from(visit.submitted_count.saturating_add(visit.attention_count)).unwrap_or(0);
        let under_way = settled.saturating_add(summary.of_status(Status::Sending).count);
        Self { settled, of: memory.state.ready_at_start.max(under_way) }
    }

    pub(super) fn told(&self) -> String {
        format!("{} of {}", count(self.settled), count(self.of))
    }
}

/// How the last visit that is over went; where several in a row went wrong, how many.
fn last(visits: &[Visit], now: Timestamp) -> Option<LastVisit> {
    let over: Vec<&Visit> = visits.iter().filter(|visit| visit.closed_at.is_some()).collect();
    let last = over.first()?;
    let in_a_row = over.iter().take_while(|visit| visit.trouble.is_some()).count();
    let result = match (&last.trouble, in_a_row) {
        (None, _) => result(last),
        (Some(trouble), 0 | 1) => trouble.clone(),
        (Some(trouble), 2) => format!("went wrong, like the one before. {trouble}"),
        (Some(trouble), _) => format!("went wrong, like those before. {trouble}"),
    };
    Some(LastVisit { when: Ago { at: last.closed_at?, now }, result })
}

/// "12 submitted, 1 needs attention".
pub(super) fn result(visit: &Visit) -> String {
    let submitted = u64::try_from(visit.submitted_count).unwrap_or(0);
    let waiting = u64::try_from(visit.attention_count).unwrap_or(0);
    match (submitted, waiting) {
        (0, 0) => "nothing to send".to_owned(),
        (submitted, 0) => format!("{} submitted", count(submitted)),
        (submitted, waiting) => {
            format!("{} submitted, {} attention", count(submitted), counted(waiting, "needs", "need"))
        }
    }
}

pub(super) fn number(count_of: i64) -> String {
    count(u64::try_from(count_of).unwrap_or(0))
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "Administrator",
        Role::Bookkeeper => "Bookkeeper",
        Role::Viewer => "Viewer",
    }
}
