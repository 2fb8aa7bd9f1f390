//! The simulated company file: QuickBooks' rules for lists, documents and payments, and its memory of message sets.

mod address;
mod answer;
mod books;
mod catalog;
mod com_error;
mod company;
mod document;
mod edit;
mod entry;
mod execute;
mod facts;
mod ids;
mod kept;
mod kind;
mod ledger;
mod lists;
mod local_time;
mod message_set;
mod money;
mod node;
mod payment;
mod pricing;
mod query;
mod reference;
mod refusal;
mod removal;
mod sample;
mod setup;
mod storage;
mod stored_sets;
mod totals;
mod txns;

pub use com_error::ComError;
pub use company::Company;
pub use edit::{Edit, UnknownEdit};
pub use local_time::LocalTime;
pub use message_set::Processed;
pub use setup::SetupError;
pub use storage::StorageError;
pub use totals::{Duplicate, OpenDocument, Report, TxnTotals};
pub use txns::TxnKind;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use books::Books;
use query::Iterators;
use storage::Storage;
use stored_sets::StoredSets;

/// A company file as QuickBooks has it open. In memory, or kept in a file too.
///
/// It is deterministic: the same requests at the same times give the same ids and the same answers.
#[derive(Debug)]
pub struct CompanyFile {
    books: Books,
    stored_sets: StoredSets,
    sessions: BTreeMap<SessionId, Iterators>,
    sessions_begun: u64,
    refusing: Refusing,
    /// After how many requests of the next message set QuickBooks crashes.
    crash_after: Option<usize>,
    clears_when_asked: bool,
    /// QuickBooks breaks down over a message set that writes and has this text in it.
    breaks_over: Option<String>,
    /// Requests that are refused with a status, whatever they ask; each once.
    told_to_refuse: Vec<ToldRefusal>,
    /// Documents over which QuickBooks fails, by number, and how.
    told_to_fail: BTreeMap<String, ComError>,
    /// No session begins as long as there is one.
    shut_by: Option<ComError>,
    storage: Option<Storage>,
}

/// That a request is refused, the first that fits.
#[derive(Debug, Clone)]
struct ToldRefusal {
    what: ToldRequest,
    code: i32,
    message: String,
}

#[derive(Debug, Clone)]
enum ToldRequest {
    /// One of this name, such as `InvoiceAddRq`.
    Named(String),
    /// One that writes the document with this number.
    Writing(String),
}

/// A session with the request processor. What is only valid within one, such as iterators, ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u64);

impl SessionId {
    /// A session that never was.
    pub const NONE: Self = Self(0);
}

/// How many of the next writes, or queries of transactions, QuickBooks refuses because somebody is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Refusing {
    in_use: u64,
    locked: u64,
    queries: u64,
}

impl CompanyFile {
    /// A new file in memory with the lists that QuickBooks sets up itself: accounts, terms, payment methods, tax codes,
    /// and sales tax switched on with a tax item of 8 %.
    pub fn sample(name: &str, now: Timestamp) -> Self {
        Self::with(sample::books(name, now), StoredSets::default(), None)
    }

    /// Opens a file on disk; where there is none, makes one like [`CompanyFile::sample`].
    pub fn open(path: &Path, name: &str, now: Timestamp) -> Result<Self, StorageError> {
        let (storage, loaded) = kept::open(path, now)?;
        if let Some(loaded) = loaded {
            return Ok(Self::with(loaded.books, loaded.stored_sets, Some(storage)));
        }
        let mut file = Self::with(sample::books(name, now), StoredSets::default(), Some(storage));
        file.write_changes()?;
        Ok(file)
    }

    /// Begins a session with the file at `path`, or with the one that is open where it is empty.
    pub fn begin_session(&mut self, path: &str) -> Result<SessionId, ComError> {
        if let Some(error) = &self.shut_by {
            return Err(error.clone());
        }
        if !path.is_empty() && !path.eq_ignore_ascii_case(self.path()) {
            return Err(ComError::other_file_open());
        }
        self.sessions_begun += 1;
        let session = SessionId(self.sessions_begun);
        self.sessions.insert(session, Iterators::default());
        Ok(session)
    }

    pub fn end_session(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    /// Ends all sessions, as when QuickBooks is closed and started again.
    pub fn restart(&mut self) {
        self.sessions.clear();
    }

    /// The path as the Web Connector names it.
    pub fn path(&self) -> &str {
        &self.books.company.path
    }

    pub const fn company(&self) -> &Company {
        &self.books.company
    }

    /// Refuses the next `writes` write requests with 3175, as when somebody has the objects open.
    pub const fn refuse_writes_in_use(&mut self, writes: u64) {
        self.refusing.in_use = writes;
    }

    /// Refuses the next `writes` write requests with 3180 and a text about locks.
    pub const fn refuse_writes_locked(&mut self, writes: u64) {
        self.refusing.locked = writes;
    }

    /// Refuses the next `queries` queries of transactions with 3175.
    pub const fn refuse_queries_in_use(&mut self, queries: u64) {
        self.refusing.queries = queries;
    }

    /// Refuses the next request of this name, such as `InvoiceAddRq`, with this status: for conditions of QuickBooks' that
    /// are not modelled here. Told so several times, it refuses as many of them, in that order.
    pub fn refuse_next(&mut self, request: impl Into<String>, code: i32, message: impl Into<String>) {
        let what = ToldRequest::Named(request.into());
        self.told_to_refuse.push(ToldRefusal { what, code, message: message.into() });
    }

    /// Refuses the next request that adds, changes, voids or deletes the document with this number, with this status. Where it
    /// is one of message sets, such as 9005, the set with the document in it is answered by it.
    pub fn refuse_document(&mut self, number: impl Into<String>, code: i32, message: impl Into<String>) {
        let what = ToldRequest::Writing(number.into());
        self.told_to_refuse.push(ToldRefusal { what, code, message: message.into() });
    }

    /// Fails over every message set that writes the document with this number, until it is told to bear it.
    pub fn fail_over_document(&mut self, number: impl Into<String>, error: ComError) {
        self.told_to_fail.insert(number.into(), error);
    }

    pub fn bear_document(&mut self, number: &str) {
        self.told_to_fail.remove(number);
    }

    /// Lets no session begin, for this reason; `None` lets them again.
    pub fn shut(&mut self, error: Option<ComError>) {
        self.shut_by = error;
    }

    /// Breaks down over every message set that writes and has this text in it, before it executes any of it: for a
    /// document that QuickBooks cannot bear.
    pub fn break_over(&mut self, text: impl Into<String>) {
        self.breaks_over = Some(text.into());
    }

    /// Loses the stored answer of the last message set; asked about it, QuickBooks says 9002.
    pub fn lose_stored_state(&mut self) {
        if let Some(id) = self.stored_sets.lose_newest() {
            self.books.changed.insert(books::Key::StoredSet(id));
        }
    }

    /// Forgets all message sets, as a restored backup does (600).
    pub fn forget_stored_states(&mut self) {
        for id in self.stored_sets.forget_all() {
            self.books.changed.insert(books::Key::StoredSet(id));
        }
    }

    /// Crashes in the middle of the next message set that is executed, after so many of its requests.
    pub(crate) const fn crash_after(&mut self, requests: usize) {
        self.crash_after = Some(requests);
    }

    /// Whether what is stored of a message set is cleared once it was asked for; the sources differ on it.
    pub(crate) const fn clear_when_asked(&mut self, clears: bool) {
        self.clears_when_asked = clears;
    }

    /// How many message sets are stored for error recovery.
    pub fn stored_state_count(&self) -> usize {
        self.stored_sets.len()
    }

    /// Copies a file that is kept on disk to a new file; `false` for one in memory.
    pub fn back_up_to(&mut self, copy: &Path) -> Result<bool, StorageError> {
        self.write_changes()?;
        match &mut self.storage {
            Some(storage) => storage.back_up_to(copy).map(|()| true),
            None => Ok(false),
        }
    }

    /// A copy in memory of everything as it is now, as a backup is; sessions are not part of it.
    pub fn snapshot(&self) -> Self {
        Self::with(self.books.clone(), self.stored_sets.clone(), None)
    }

    const fn with(books: Books, stored_sets: StoredSets, storage: Option<Storage>) -> Self {
        let refusing = Refusing { in_use: 0, locked: 0, queries: 0 };
        Self {
            books,
            stored_sets,
            sessions: BTreeMap::new(),
            sessions_begun: 0,
            refusing,
            crash_after: None,
            clears_when_asked: false,
            breaks_over: None,
            told_to_refuse: Vec::new(),
            told_to_fail: BTreeMap::new(),
            shut_by: None,
            storage,
        }
    }

    /// Writes what has changed since the last time in one transaction. If that fails, memory goes back to what is on
    /// disk: what was not written did not happen.
    fn write_changes(&mut self) -> Result<(), StorageError> {
        if self.books.changed.is_empty() {
            return Ok(());
        }
        self.books.changed.insert(books::Key::Ids);
        let Some(storage) = &mut self.storage else {
            self.books.changed.clear();
            return Ok(());
        };
        let changes = kept::changes(&self.books, &self.stored_sets);
        let written = storage.write(&changes);
        self.books.changed.clear();
        if let Err(error) = written {
            if let Ok(Some(loaded)) = kept::load(storage, self.books.now) {
                self.books = loaded.books;
                self.stored_sets = loaded.stored_sets;
            }
            return Err(error);
        }
        Ok(())
    }
}
