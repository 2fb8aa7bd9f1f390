use std::collections::HashMap;

/// An entry of one of QuickBooks' lists.
pub(crate) trait Entry {
    fn list_id(&self) -> &str;
    /// With its ancestors before it, joined by colons; the name itself where the list has no hierarchy.
    fn full_name(&self) -> &str;
}

/// One list: entries by id and by full name, which counts in any case, in the order of their creation.
#[derive(Debug, Clone)]
pub(crate) struct Catalog<T> {
    entries: Vec<Option<T>>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl<T> Default for Catalog<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_id: HashMap::new(), by_name: HashMap::new() }
    }
}

impl<T: Entry> Catalog<T> {
    /// Puts a new entry at the end, or a changed one in its place.
    pub(crate) fn put(&mut self, entry: T) {
        let name = folded(entry.full_name());
        match self.by_id.get(entry.list_id()) {
            Some(&place) => {
                if let Some(old) = &self.entries[place] {
                    self.by_name.remove(&folded(old.full_name()));
                }
                self.by_name.insert(name, place);
                self.entries[place] = Some(entry);
            }
            None => {
                self.by_id.insert(entry.list_id().to_owned(), self.entries.len());
                self.by_name.insert(name, self.entries.len());
                self.entries.push(Some(entry));
            }
        }
    }

    pub(crate) fn remove(&mut self, list_id: &str) -> Option<T> {
        let place = self.by_id.remove(list_id)?;
        let entry = self.entries.get_mut(place)?.take()?;
        self.by_name.remove(&folded(entry.full_name()));
        Some(entry)
    }

    pub(crate) fn by_id(&self, list_id: &str) -> Option<&T> {
        self.entries.get(*self.by_id.get(list_id)?)?.as_ref()
    }

    pub(crate) fn by_full_name(&self, full_name: &str) -> Option<&T> {
        self.entries.get(*self.by_name.get(&folded(full_name))?)?.as_ref()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }
}

/// Names count in any case, and with the blanks around them cut (qbXML notes, section 5).
pub(crate) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}
