use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What QuickBooks keeps of message sets for error recovery (qbXML notes, section 4): by id, a checksum of what was asked,
/// and the answer. It is part of the company file, so a restored backup does not know later sets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StoredSets {
    sets: BTreeMap<String, StoredSet>,
    newest: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredSet {
    pub(crate) checksum: u64,
    /// `None` where QuickBooks lost it.
    pub(crate) answer: Option<String>,
}

/// What an id says about a message set that is about to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known<'a> {
    /// Never seen: run it and store it.
    Unknown,
    /// Run before with the same content.
    Answered(&'a str),
    /// Known, but the answer is lost (9002).
    Lost,
    /// Known with another content (9001).
    OtherContent,
}

/// The longest id (9004 beyond it).
pub(crate) const MESSAGE_SET_ID_LENGTH_MAX: usize = 24;

impl StoredSets {
    pub(crate) fn known(&self, id: &str, checksum: u64) -> Known<'_> {
        match self.sets.get(id) {
            None => Known::Unknown,
            Some(StoredSet { checksum: stored, .. }) if *stored != checksum => Known::OtherContent,
            Some(StoredSet { answer: Some(answer), .. }) => Known::Answered(answer),
            Some(StoredSet { answer: None, .. }) => Known::Lost,
        }
    }

    /// The stored set, whatever was asked.
    pub(crate) fn get(&self, id: &str) -> Option<&StoredSet> {
        self.sets.get(id)
    }

    pub(crate) fn store(&mut self, id: &str, set: StoredSet) {
        self.sets.insert(id.to_owned(), set);
        self.newest = Some(id.to_owned());
    }

    /// Whether there was one to clear.
    pub(crate) fn clear(&mut self, id: &str) -> bool {
        self.sets.remove(id).is_some()
    }

    /// Loses the answer of the set that was stored last; gives its id.
    pub(crate) fn lose_newest(&mut self) -> Option<String> {
        let id = self.newest.clone()?;
        self.sets.get_mut(&id)?.answer = None;
        Some(id)
    }

    pub(crate) fn forget_all(&mut self) -> Vec<String> {
        self.newest = None;
        std::mem::take(&mut self.sets).into_keys().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }
}

/// FNV-1a over the bytes of the request.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
