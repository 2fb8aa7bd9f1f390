//! Many records in one request, a line each: a bad line never harms the others.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bookferry_store::HandOver;
use bookferry_sync::company::Company;
use bookferry_sync::id::RecordId;
use bookferry_sync::intake;
use bookferry_sync::preflight::{Finding, Surroundings};
use bookferry_sync::record::{Content, DEFAULT_CURRENCY, RecordKind};
use serde::Serialize;
use serde_json::{Map, Value};

use super::hand_over::{company_of, outcome_word};
use super::key::{Caller, Writer};
use super::lines::{BATCH_BYTES_MAX, Lines, batch_too_large};
use super::once::DoneInPart;
use super::{body, json};
use crate::App;
use crate::preflight::findings_among;
use crate::problem::{PointedFault, Problem, Slug};

/// The most lines of a batch.
const BATCH_LINES_MAX: usize = 10_000;

/// Lines that are stored in one transaction.
const SLICE_LINES_MAX: usize = 500;

/// A line that was read, or why it could not be.
struct Line {
    number: usize,
    external_id: Option<String>,
    read: Result<Content, Problem>,
}

/// A line of the answer.
#[derive(Serialize)]
struct LineAnswer<'a> {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(flatten)]
    result: LineResult,
}

#[derive(Serialize)]
#[serde(untagged)]
enum LineResult {
    Taken {
        kind: RecordKind,
        outcome: &'static str,
        id: RecordId,
        status: &'static str,
        revision: i64,
        preflight: Vec<Finding>,
    },
    Refused {
        error: Problem,
    },
}

/// A batch while it is worked off.
struct Batch<'a> {
    app: &'a App,
    caller: &'a Caller,
    company: Company,
    slice: Vec<Line>,
    answer: Vec<u8>,
    /// Why the database took a slice no more. The lines after it are not tried: each would wait as long.
    failure: Option<Problem>,
    is_anything_taken: bool,
}

pub(super) async fn take(State(app): State<App>, writer: Writer, request: Request) -> Result<Response, Problem> {
    let Writer(caller) = writer;
    body::check_type(request.headers(), &["application/x-ndjson", "application/json"])?;
    if body::announced_length(request.headers()).is_some_and(|length| length > BATCH_BYTES_MAX) {
        return Err(batch_too_large());
    }
    let company = company_of(&app, &caller).await?;
    let mut batch = Batch {
        app: &app,
        caller: &caller,
        company,
        slice: Vec::new(),
        answer: Vec::new(),
        failure: None,
        is_anything_taken: false,
    };
    batch.take_all(Lines::of(request.into_body())).await;
    batch.answered()
}

impl Batch<'_> {
    async fn take_all(&mut self, mut lines: Lines) {
        let mut number = 0;
        let mut taken = 0;
        loop {
            number += 1;
            let line = match lines.next().await {
                Ok(None) => break,
                Ok(Some(line)) => line,
                Err(problem) => {
                    self.slice.push(Line { number, external_id: None, read: Err(problem) });
                    break;
                }
            };
            if line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty()) {
                continue;
            }
            taken += 1;
            if taken > BATCH_LINES_MAX {
                let detail =
                    format!("The batch has more than {BATCH_LINES_MAX} lines. What is past them was not stored.");
                let problem =
                    Problem::new(Slug::BodyTooLarge, detail).fix("application", "Send the rest in another request.");
                self.slice.push(Line { number, external_id: None, read: Err(problem) });
                break;
            }
            self.slice.push(Line::read(number, line));
            if self.slice.len() == SLICE_LINES_MAX {
                self.store_slice().await;
            }
        }
        self.store_slice().await;
    }

    /// Stores what of the slice can be stored, in one transaction, and answers all its lines in their order.
    async fn store_slice(&mut self) {
        let slice = std::mem::take(&mut self.slice);
        let now = self.app.clock().now();
        let given: Vec<HandOver<'_>> = slice
            .iter()
            .filter_map(|line| {
                let id_if_new = RecordId::new(now, &self.app.entropy().id());
                let content = line.read.as_ref().ok()?;
                Some(HandOver { id_if_new, external_id: line.external_id.as_deref()?, content })
            })
            .collect();
        let mut taken = Vec::new();
        if self.failure.is_none() && !given.is_empty() {
            match self.app.store().hand_over(self.company.id, &given, &self.caller.actor(), now).await {
                Ok(answers) => taken = answers,
                Err(error) => self.failure = Some(Problem::from(error)),
            }
        }
        let surroundings = self.surroundings(&given, taken.is_empty()).await;
        let mut taken = taken.into_iter();
        for line in &slice {
            let result = match &line.read {
                Err(problem) => LineResult::Refused { error: problem.clone() },
                Ok(content) => match (taken.next(), &self.failure) {
                    (Some(taken), _) => {
                        self.is_anything_taken = true;
                        LineResult::Taken {
                            kind: content.kind(),
                            outcome: outcome_word(taken.outcome),
                            id: taken.record_id,
                            status: taken.status.as_str(),
                            revision: taken.revision,
                            preflight: findings_among(
                                &self.company,
                                line.external_id.as_deref().unwrap_or_default(),
                                content,
                                &surroundings,
                            ),
                        }
                    }
                    (None, Some(failure)) => LineResult::Refused { error: failure.clone() },
                    (None, None) => LineResult::Refused { error: Problem::new(Slug::Internal, "It was not stored.") },
                },
            };
            self.answer_line(&LineAnswer { line: line.number, external_id: line.external_id.as_deref(), result });
        }
    }

    /// What is taken is stored: where its surroundings cannot be read, the answer says what the records alone tell.
    async fn surroundings(&self, given: &[HandOver<'_>], nothing_was_taken: bool) -> Surroundings {
        if nothing_was_taken {
            return Surroundings::default();
        }
        let records: Vec<(&str, &Content)> = given.iter().map(|given| (given.external_id, given.content)).collect();
        self.app.store().surroundings(&self.company, &records).await.unwrap_or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "preflight goes without what is around the records"
            );
            Surroundings::default()
        })
    }

    fn answer_line(&mut self, answer: &LineAnswer<'_>) {
        match serde_json::to_vec(answer) {
            Ok(line) => self.answer.extend_from_slice(&line),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "an answer could not be written"),
        }
        self.answer.push(b'\n');
    }

    /// A database that took nothing at all is the whole request's problem.
    fn answered(self) -> Result<Response, Problem> {
        match self.failure {
            Some(failure) if !self.is_anything_taken => Err(failure),
            failure => {
                let ndjson = HeaderValue::from_static("application/x-ndjson");
                let mut response = ([(CONTENT_TYPE, ndjson)], self.answer).into_response();
                if failure.is_some() {
                    response.extensions_mut().insert(DoneInPart);
                }
                Ok(response)
            }
        }
    }
}

impl Line {
    fn read(number: usize, line: Result<Vec<u8>, Problem>) -> Self {
        let mut external_id = None;
        let read = line.and_then(|line| json::parse(&line)).and_then(|value| {
            let Value::Object(mut members) = value else {
                return Err(Problem::faulty(vec![PointedFault::at("", "wrong_type", "A line must be an object.")]));
            };
            let mut errors = Vec::new();
            external_id = take_external_id(&mut members, &mut errors);
            let kind = take_kind(&mut members, &mut errors);
            let content = kind.map(|kind| intake::content(kind, &Value::Object(members), DEFAULT_CURRENCY));
            match content {
                Some(Ok(content)) if errors.is_empty() => Ok(content),
                Some(Err(faults)) => {
                    errors.extend(faults.into_vec().into_iter().map(PointedFault::from));
                    Err(Problem::faulty(errors))
                }
                Some(Ok(_)) | None => Err(Problem::faulty(errors)),
            }
        });
        Self { number, external_id, read }
    }
}

fn take_external_id(members: &mut Map<String, Value>, errors: &mut Vec<PointedFault>) -> Option<String> {
    match members.shift_remove("external_id") {
        Some(Value::String(text)) => {
            if let Err(fault) = intake::external_id(&text) {
                errors.push(fault.into());
            }
            Some(text)
        }
        Some(_) => {
            errors.push(PointedFault::at("/external_id", "wrong_type", "This must be a string, in quotes."));
            None
        }
        None => {
            let message =
                "The field \"external_id\" is missing. Send the name by which your application knows the record.";
            errors.push(PointedFault::at("/external_id", "missing", message));
            None
        }
    }
}

fn take_kind(members: &mut Map<String, Value>, errors: &mut Vec<PointedFault>) -> Option<RecordKind> {
    let given = members.shift_remove("kind");
    let kind = given.as_ref().and_then(Value::as_str).and_then(|word| word.parse().ok());
    if kind.is_none() {
        let code = if given.is_some() { "bad_value" } else { "missing" };
        errors.push(PointedFault::at("/kind", code, "Every line has a \"kind\": \"invoice\" or \"payment\"."));
    }
    kind
}
