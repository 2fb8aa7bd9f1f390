//! What a person does in QuickBooks itself: setting up lists and preferences, without any connector.

use jiff::Timestamp;

use super::entry;
use super::kind::{Kind, List};
use super::node::Node;
use super::refusal::Refusal;
use super::{Company, CompanyFile, StorageError};

/// Why something cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("{0:?} is no kind of list entry")]
    UnknownKind(String),
    #[error("there is no {kind} {name:?}")]
    NotThere { kind: &'static str, name: String },
    #[error("there are several: {kind} {number:?}")]
    Several { kind: &'static str, number: String },
    #[error("the fields are not readable XML")]
    Fields(#[source] bookferry_xml::ReadError),
    /// QuickBooks says so to people alone, without a status.
    #[error("QuickBooks does not do it: {0}")]
    NotDone(&'static str),
    #[error("QuickBooks refuses it with {code}: {message}")]
    Refused { code: i32, message: String },
    #[error("the company file cannot be written")]
    Storage(#[source] StorageError),
}

impl CompanyFile {
    /// Adds an entry of `kind`, such as `Vendor` or `ItemInventory`, with fields as in its Add:
    /// `<Name>Glass &amp; Co</Name>`. Gives its ListID.
    pub fn add_entry(&mut self, kind: &str, fields: &str, now: Timestamp) -> Result<String, SetupError> {
        let kind = Kind::named(kind).ok_or_else(|| SetupError::UnknownKind(kind.to_owned()))?;
        let given = Node::from_xml(&format!("<EntryAdd>{fields}</EntryAdd>")).map_err(SetupError::Fields)?;
        self.books.now = now;
        let entry = entry::add(&mut self.books, kind, &given).map_err(refused)?;
        let list_id = entry.list_id.clone();
        self.books.enter_entry(entry);
        self.write_changes().map_err(SetupError::Storage)?;
        Ok(list_id)
    }

    /// Changes fields of an entry by its full name, as in its Mod: `<IsActive>false</IsActive>`.
    pub fn change_entry(
        &mut self,
        kind: &str,
        full_name: &str,
        fields: &str,
        now: Timestamp,
    ) -> Result<(), SetupError> {
        let kind = Kind::named(kind).ok_or_else(|| SetupError::UnknownKind(kind.to_owned()))?;
        let old = self.books.lists.of(kind.list()).by_full_name(full_name).filter(|entry| entry.kind == kind);
        let old = old.cloned().ok_or_else(|| not_there(kind, full_name))?;
        let key = format!("<EditSequence>{}</EditSequence>", old.node.text_of("EditSequence").unwrap_or_default());
        let given = Node::from_xml(&format!("<EntryMod>{key}{fields}</EntryMod>")).map_err(SetupError::Fields)?;
        self.books.now = now;
        let entry = entry::modify(&mut self.books, &old, &given).map_err(refused)?;
        self.books.enter_entry(entry);
        self.write_changes().map_err(SetupError::Storage)
    }

    /// Deletes an entry that nothing refers to (else 3160).
    pub fn delete_entry(&mut self, kind: &str, full_name: &str, now: Timestamp) -> Result<(), SetupError> {
        let kind = Kind::named(kind).ok_or_else(|| SetupError::UnknownKind(kind.to_owned()))?;
        let list: List = kind.list();
        let entry = self.books.lists.of(list).by_full_name(full_name).filter(|entry| entry.kind == kind);
        let entry = entry.cloned().ok_or_else(|| not_there(kind, full_name))?;
        if entry::is_in_use(&self.books, &entry) {
            return Err(refused(Refusal::in_use_by_others(&entry.list_id)));
        }
        self.books.now = now;
        self.books.delete_entry(list, &entry.list_id);
        self.write_changes().map_err(SetupError::Storage)
    }

    /// Changes the company's preferences, such as its closing date.
    pub fn change_company(&mut self, change: impl FnOnce(&mut Company)) -> Result<(), StorageError> {
        change(&mut self.books.company);
        self.books.changed.insert(super::books::Key::Company);
        self.write_changes()
    }

    /// Writes the FileID of a Web Connector, as it does when an application is added.
    pub fn write_file_id(&mut self, owner_id: &str, file_id: &str) -> Result<(), StorageError> {
        let (owner_id, file_id) = (owner_id.to_ascii_uppercase(), file_id.to_owned());
        self.change_company(|company| {
            company.file_ids.insert(owner_id, file_id);
        })
    }
}

fn refused(refusal: Refusal) -> SetupError {
    SetupError::Refused { code: refusal.code, message: refusal.message }
}

fn not_there(kind: Kind, full_name: &str) -> SetupError {
    SetupError::NotThere { kind: kind.word(), name: full_name.to_owned() }
}
