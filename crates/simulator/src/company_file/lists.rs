use std::collections::HashMap;

use super::catalog::{Catalog, Entry};
use super::kind::{Kind, List};
use super::node::Node;

/// All lists of a company file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    catalogs: [Catalog<ListEntry>; List::COUNT],
    /// Entries by their parents.
    children: HashMap<String, Vec<String>>,
}

/// An entry as it is answered, and what the rules often ask of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListEntry {
    pub(crate) kind: Kind,
    pub(crate) list_id: String,
    pub(crate) full_name: String,
    pub(crate) is_active: bool,
    pub(crate) parent_id: Option<String>,
    /// The answer, without what is computed when it is asked for, such as balances.
    pub(crate) node: Node,
}

impl Lists {
    pub(crate) const fn of(&self, list: List) -> &Catalog<ListEntry> {
        &self.catalogs[list.index()]
    }

    pub(crate) fn put(&mut self, entry: ListEntry) {
        self.forget_child(entry.kind.list(), &entry.list_id);
        if let Some(parent_id) = &entry.parent_id {
            self.children.entry(parent_id.clone()).or_default().push(entry.list_id.clone());
        }
        self.catalogs[entry.kind.list().index()].put(entry);
    }

    pub(crate) fn remove(&mut self, list: List, list_id: &str) -> Option<ListEntry> {
        self.forget_child(list, list_id);
        self.catalogs[list.index()].remove(list_id)
    }

    pub(crate) fn has_children(&self, list_id: &str) -> bool {
        self.children.get(list_id).is_some_and(|children| !children.is_empty())
    }

    pub(crate) fn item(&self, list_id: &str) -> Option<&ListEntry> {
        self.of(List::Items).by_id(list_id)
    }

    pub(crate) fn customer(&self, list_id: &str) -> Option<&ListEntry> {
        self.of(List::Names).by_id(list_id).filter(|entry| entry.kind == Kind::Customer)
    }

    /// The entry, its children and theirs.
    pub(crate) fn family(&self, list: List, list_id: &str) -> Vec<String> {
        let mut family = vec![list_id.to_owned()];
        let mut next = 0;
        while let Some(member) = family.get(next) {
            let children = self.children.get(member).into_iter().flatten();
            let children: Vec<String> = children.filter(|id| self.of(list).by_id(id).is_some()).cloned().collect();
            family.extend(children);
            next += 1;
        }
        family
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &ListEntry> {
        self.catalogs.iter().flat_map(Catalog::iter)
    }

    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.of(kind.list()).iter().filter(|entry| entry.kind == kind).count()
    }

    fn forget_child(&mut self, list: List, list_id: &str) {
        let parent_id = self.of(list).by_id(list_id).and_then(|entry| entry.parent_id.clone());
        if let Some(children) = parent_id.and_then(|parent_id| self.children.get_mut(&parent_id)) {
            children.retain(|child| child != list_id);
        }
    }
}

impl ListEntry {
    /// From its answer; `None` where that lacks what every entry has.
    pub(crate) fn from_node(kind: Kind, node: Node) -> Option<Self> {
        let name = node.text_of("FullName").or(node.text_of("Name")).or(node.text_of("Initial"))?.to_owned();
        Some(Self {
            kind,
            list_id: node.text_of("ListID")?.to_owned(),
            full_name: name,
            is_active: node.text_of("IsActive") != Some("false"),
            parent_id: node.ref_id("ParentRef").map(str::to_owned),
            node,
        })
    }

    /// What stands in a reference to it.
    pub(crate) fn as_reference(&self) -> Vec<Node> {
        vec![Node::leaf("ListID", self.list_id.clone()), Node::leaf("FullName", self.full_name.clone())]
    }
}

impl Entry for ListEntry {
    fn list_id(&self) -> &str {
        &self.list_id
    }

    fn full_name(&self) -> &str {
        &self.full_name
    }
}
