//! Where records, visits and people are kept: SQLite or PostgreSQL behind one [`Store`].
//!
//! Nearly every statement has one text for both; where the databases must differ, both texts stand side by side with
//! the reason ([`statement`]). Submissions move only through sync's `State::apply`; the one exception, bulk moves of a
//! hundred thousand rows, is compared with it by a test. What is written of one company is written in turn: SQLite has one
//! writer, PostgreSQL locks the company's row.
//!
//! Knows no clock, no randomness and no protocol: times, ids and secrets' hashes come in. Start with [`Store`], then
//! [`VisitStep`], which is where exactly-once is kept.

mod backup;
mod care;
mod checkpoints;
mod company;
mod company_deeds;
mod counterpart;
mod database;
mod deeds;
mod desk;
mod digest;
mod epoch;
mod error;
mod filter;
mod grid;
mod hand_over;
mod health;
mod history_seal;
mod kept_connections;
mod likeness;
mod list_reading;
mod lists;
mod look;
mod mapping;
mod mending;
mod message_set;
mod moves;
mod notice;
mod number_key;
mod older;
mod older_answer;
mod payer;
mod people;
mod person_deeds;
mod posted_content;
mod pulse;
mod rebind;
mod reconciliation;
mod record_view;
mod request_key;
mod search;
mod silence;
pub mod statement;
mod step_transaction;
mod store;
mod submission;
mod surroundings;
mod taught;
mod visit;
mod visit_log;
mod wanted_entry;
mod webhook;

pub use backup::{BackupError, BackupSummary, Progress, Restored, restore};
pub use care::{Care, Cared};
pub use company::{Connection, NewCompany};
pub use company_deeds::{CompanyDeed, CompanyDeedKind};
pub use counterpart::{Compared, Differing, SeenCounterpart};
pub use deeds::{Crossings, Deed, DeedFilter};
pub use desk::{Deeds, LastMove, SavedView};
pub use digest::{Audience, ClaimedLetter, MailEvery, ToldDigest};
pub use epoch::Begun;
pub use error::{Error, Result};
pub use filter::{RecordFilter, Selection};
pub use grid::{
    COUNTED_AT_ONCE_MAX, Cursor, CursorError, PAGE_LIMIT_MAX, Page, RecordLine, Sort, SortBy, Summary, Total,
};
pub use hand_over::{HandOver, HandedOver, Outcome};
pub use health::{CompanyHealth, Version};
pub use history_seal::HistoryProof;
pub use list_reading::ListStand;
pub use lists::GoneEntry;
pub use look::{Looked, Shown};
pub use mapping::{Choice, ChosenEntry, MappingLine, Unmappable};
pub use mending::{Mended, Mending, Waiting};
pub use message_set::{Answer, Enclosure, MessageSet, MessageSetState, NewMessageSet, Settled};
pub use moves::{BulkMove, PersonsMove};
pub use notice::NoticeLine;
pub use older::{OlderSeen, OlderTotal, OlderTwin};
pub use older_answer::OlderRecord;
pub use people::{ApiKey, ApiKeyLine, NewApiKey, NewPerson, Person, Role, WebSession};
pub use person_deeds::{PersonDeed, PersonDeedKind};
pub use pulse::{Pulse, PulseError};
pub use rebind::Rebound;
pub use reconciliation::{AsSent, InQuickBooks, NIGHTLY, Reconciliation};
pub use record_view::{
    Attempt, AttentionGroup, Awaited, Happening, HistoryLine, PaymentPart, RecordContent, RecordView, Revision,
};
pub use request_key::{KeptAnswer, RequestStart};
pub use store::{Location, Store, StoreOptions};
pub use submission::Actor;
pub use taught::{Teaching, Unlearned};
pub use visit::{Claimed, NewVisit, OpenAttempt, OpenVisit, Opened, Visit, VisitStep};
pub use visit_log::{MessageSetLine, MessageSetWithXml, VisitLine};
pub use webhook::{ClaimedWebhook, NewWebhook, WEBHOOKS_MAX, WebhookLine};
