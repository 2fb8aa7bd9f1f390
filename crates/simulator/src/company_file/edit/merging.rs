use super::deed::Entry;
use super::doing::missing;
use crate::company_file::kind::List;
use crate::company_file::lists::ListEntry;
use crate::company_file::node::Node;
use crate::company_file::txns::Txn;
use crate::company_file::{CompanyFile, SetupError};

impl CompanyFile {
    /// Has one entry take over all that names the other, which is gone then. Renaming an entry leaves TimeModified and
    /// EditSequence of what names it as they were, and so does this; what QuickBooks does is not documented.
    pub(super) fn merge(&mut self, what: &Entry, into: &str) -> Result<(), SetupError> {
        let gone = self.entry(what)?;
        let kept = self.entry(&Entry { kind: Some(gone.kind), name: into.to_owned() })?;
        self.check_merge(&gone, &kept)?;
        let entries: Vec<ListEntry> =
            self.books.lists.iter().filter(|entry| entry.list_id != gone.list_id).cloned().collect();
        for mut entry in entries {
            if point(&mut entry.node, &gone.list_id, &kept) {
                self.books.enter_entry(entry);
            }
        }
        let txns: Vec<Txn> = self.books.txns.iter().cloned().collect();
        for mut txn in txns {
            if point(&mut txn.node, &gone.list_id, &kept) {
                if txn.customer_id == gone.list_id {
                    txn.customer_id.clone_from(&kept.list_id);
                }
                self.books.enter_txn(txn);
            }
        }
        let deleted = self.books.delete_entry(gone.kind.list(), &gone.list_id);
        deleted.map(drop).ok_or_else(|| missing(gone.kind.word(), &gone.full_name))
    }

    fn check_merge(&self, gone: &ListEntry, kept: &ListEntry) -> Result<(), SetupError> {
        let account_type = |entry: &ListEntry| entry.node.text_of("AccountType").map(str::to_owned);
        let why = if gone.list_id == kept.list_id {
            "an entry cannot be merged with itself"
        } else if self.books.lists.has_children(&gone.list_id) {
            "an entry that others stand below cannot be merged"
        } else if gone.kind.list() == List::Accounts && account_type(gone) != account_type(kept) {
            "only accounts of the same type can be merged"
        } else {
            return Ok(());
        };
        Err(SetupError::NotDone(why))
    }
}

/// Has every reference to `gone` name `kept`, and tells whether there was one.
fn point(node: &mut Node, gone: &str, kept: &ListEntry) -> bool {
    let mut is_pointed = false;
    for child in &mut node.children {
        if child.name.ends_with("Ref") && child.text_of("ListID") == Some(gone) {
            child.children = kept.as_reference();
            is_pointed = true;
        } else {
            is_pointed |= point(child, gone, kept);
        }
    }
    is_pointed
}
