//! What goes by in a company, in sections that each pass some of the crash points.

use anyhow::{Context, Result, bail};
use bookferry_simulator::fault::Fault;
use serde_json::json;

use crate::chaos::company::{Company, Mishap};
use crate::chaos::server::Server;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// The application hands over, changes its mind and releases.
    Desk,
    /// Everything goes well.
    Crossing,
    /// QuickBooks cannot be opened; then it takes everything, and every call comes twice.
    Repetitions,
    /// QuickBooks refuses everything, and a person has it tried again.
    Refusals,
    /// Answers get lost, and QuickBooks is asked.
    LostAnswers,
    /// Answers get lost, QuickBooks does not know, and the company file is asked.
    Forgetfulness,
    /// QuickBooks falls over in the middle.
    Failures,
    /// There is nothing to send after all; then nobody says which company is open.
    Surprises,
}

impl Section {
    const ALL: [Self; 8] = [
        Self::Desk,
        Self::Crossing,
        Self::Repetitions,
        Self::Refusals,
        Self::LostAnswers,
        Self::Forgetfulness,
        Self::Failures,
        Self::Surprises,
    ];
}

/// Some points are passed when a server starts on what the day before left.
const DAYS_MAX: u32 = 3;

/// Lives with a server that has this point armed until that is dead of it.
pub(super) fn strike(company: &mut Company<'_>, point: &str) -> Result<()> {
    for _ in 0..DAYS_MAX {
        let server = Server::start_armed(company.installation, point)?;
        if !server.wait_until_ready(&company.api)? || dies_within_a_day(company, &server, point)? {
            return server.ensure_died_at_its_point();
        }
    }
    bail!("the point was never reached")
}

fn dies_within_a_day(company: &mut Company<'_>, server: &Server, point: &str) -> Result<bool> {
    let first = section_of(point);
    let rest = Section::ALL.into_iter().filter(|section| *section != first);
    for section in std::iter::once(first).chain(rest) {
        let played = play(company, section);
        // A connection that breaks is how a death shows.
        if (played.is_err() && server.dies_soon()) || !server.is_running()? {
            return Ok(true);
        }
        played.map_err(|error| error.context(format!("{section:?} failed, and the server lives")))?;
    }
    Ok(false)
}

/// The section that passes a point soonest. The others follow where it does not.
fn section_of(point: &str) -> Section {
    let operation = point.rsplit_once('.').map_or(point, |(operation, _)| operation);
    match operation {
        "retry" | "resolve" | "post_records_retry" | "post_records_resolve" | "take_refusal_of_the_whole_set" => {
            Section::Refusals
        }
        "take_visit_over" | "take_recovered_answer" | "ask_about_message_set" => Section::LostAnswers,
        "take_look_up" => Section::Forgetfulness,
        "take_failure" | "getLastError" => Section::Failures,
        "ask_about_books" | "take_books" | "nothing_to_send" | "take_nothing" => Section::Surprises,
        "connectionError" | "connection_failed" | "replay" | "step_without_work" => Section::Repetitions,
        _ if operation.starts_with("put_") || operation.starts_with("delete_") || operation.starts_with("post_") => {
            Section::Desk
        }
        "hand_over" | "void" | "mark_ready" | "mark_unsent" | "exclude" | "include" => Section::Desk,
        "request_key.begin" | "request_key.answer" => Section::Desk,
        _ => Section::Crossing,
    }
}

/// Lets a section go by. Fails where the server does not answer any more.
fn play(company: &mut Company<'_>, section: Section) -> Result<()> {
    match section {
        Section::Desk => desk(company),
        Section::Crossing => {
            hand_over(company)?;
            company.visit(Mishap::None).map(drop)
        }
        Section::Repetitions => {
            hand_over(company)?;
            company.visit(Mishap::Always(Fault::ModalDialog))?;
            company.visit(Mishap::Always(Fault::RepeatedCall))?;
            company.visit(Mishap::None).map(drop)
        }
        Section::Refusals => refusals(company),
        Section::LostAnswers => {
            hand_over(company)?;
            company.visit(Mishap::AtWrites(Fault::LostResponse))?;
            company.visit(Mishap::None).map(drop)
        }
        Section::Forgetfulness => {
            hand_over(company)?;
            company.visit(Mishap::AtWrites(Fault::LostResponse))?;
            company.file.forget_stored_states();
            company.visit(Mishap::None).map(drop)
        }
        Section::Failures => {
            hand_over(company)?;
            company.visit(Mishap::AtWrites(Fault::RestartBefore))?;
            company.visit(Mishap::AtWrites(Fault::RestartAfterwards))?;
            company.visit(Mishap::None).map(drop)
        }
        Section::Surprises => {
            hand_over(company)?;
            company.visit(Mishap::TakenBack)?;
            company.application.release(&company.api)?;
            company.visit(Mishap::NothingTold).map(drop)
        }
    }
}

fn hand_over(company: &mut Company<'_>) -> Result<()> {
    company.application.put_pair(&company.api)?;
    company.application.release(&company.api)
}

fn desk(company: &mut Company<'_>) -> Result<()> {
    let Company { api, application, .. } = company;
    let voided = application.pair();
    for handed in &voided {
        application.put(api, handed)?;
    }
    application.void(api, &voided)?;
    let pair = application.pair();
    application.batch(api, &pair)?;
    application.put_pair(api)?;
    let [invoice, _] = &pair;
    let told = api.records()?.into_iter().find(|told| told.external_id == invoice.external_id);
    let one = json!({ "ids": [told.context("what was handed over is not there")?.id] });
    api.move_records_once("exclude", &one, &invoice.external_id)?;
    api.move_records("include", &one)?;
    application.release(api)?;
    application.take_back(api)?;
    application.release(api)?;
    api.summary().map(drop)
}

/// One record is retried by itself, the other with all like it.
fn refusals(company: &mut Company<'_>) -> Result<()> {
    hand_over(company)?;
    company.visit(Mishap::AtWrites(Fault::ProcessError))?;
    let refused = company.api.records()?.into_iter().find(|told| told.status == "needs_attention");
    let refused = refused.context("QuickBooks refused everything, and nothing needs attention")?;
    company.api.resolve(&refused.id, &json!({ "action": "retry" }))?;
    company.visit(Mishap::AtWrites(Fault::ProcessError))?;
    company.api.move_records("retry", &json!({ "filter": {} }))?;
    company.visit(Mishap::None).map(drop)
}
