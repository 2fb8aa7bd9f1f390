use super::{Draft, LineDraft, is_group, line, new_group, new_line};
use crate::company_file::Books;
use crate::company_file::document::is_line;
use crate::company_file::node::Node;
use crate::company_file::pricing::Stated;
use crate::company_file::refusal::Refusal;
use crate::company_file::txns::TxnKind;

/// The lines after a Mod: those it names by their ids, in the stored order, and new ones under `-1`; those it leaves out are
/// gone. Without any line in the Mod, all stay (qbXML notes, section 7).
pub(crate) fn modified(books: &Books, kind: TxnKind, old: &Node, given: &Node) -> Result<Vec<Draft>, Refusal> {
    let stored: Vec<&Node> = old.children.iter().filter(|child| is_line(&child.name)).collect();
    let wanted: Vec<&Node> = given.children.iter().filter(|child| is_line(&child.name)).collect();
    if wanted.is_empty() {
        return stored.into_iter().map(|line| kept(books, kind, line, &Node::default())).collect();
    }
    let mut place = Places { stored: &stored, next: 0 };
    let lines = wanted.into_iter().map(|wanted| match place.find(wanted)? {
        Some(old) if is_group(old) == is_group(wanted) => kept(books, kind, old, wanted),
        Some(_) => Err(Refusal::lines_out_of_order()),
        None if is_group(wanted) => new_group(books, kind, wanted),
        None => new_line(books, kind, wanted.clone()),
    });
    lines.collect()
}

/// Walks the stored lines forward: what is kept must not change places.
struct Places<'a> {
    stored: &'a [&'a Node],
    next: usize,
}

impl<'a> Places<'a> {
    /// The stored line, or `None` for a new one.
    fn find(&mut self, wanted: &Node) -> Result<Option<&'a Node>, Refusal> {
        let id = wanted.text_of("TxnLineID").unwrap_or("-1");
        if id == "-1" {
            return Ok(None);
        }
        let rest = self.stored.get(self.next..).unwrap_or_default();
        let found = rest.iter().position(|line| line.text_of("TxnLineID") == Some(id));
        let distance = found.ok_or_else(Refusal::lines_out_of_order)?;
        self.next += distance + 1;
        Ok(rest.get(distance).copied())
    }
}

fn kept(books: &Books, kind: TxnKind, old: &Node, wanted: &Node) -> Result<Draft, Refusal> {
    if !is_group(old) {
        return kept_line(books, old, wanted).map(Draft::Line);
    }
    let mut node = old.clone();
    for child in wanted.children.iter().filter(|child| !is_line(&child.name) && child.name != "TxnLineID") {
        node.set(child.clone());
    }
    let drafts = modified(books, kind, old, wanted)?;
    let members = drafts.into_iter().map(|draft| match draft {
        Draft::Line(line) => Ok(line),
        Draft::Group { .. } => Err(Refusal::lines_out_of_order()),
    });
    Ok(Draft::Group { node, members: members.collect::<Result<_, _>>()? })
}

fn kept_line(books: &Books, old: &Node, wanted: &Node) -> Result<LineDraft, Refusal> {
    let changes_item = wanted.ref_id("ItemRef").is_some_and(|item| old.ref_id("ItemRef") != Some(item));
    let mut node = old.clone();
    if changes_item {
        node.children.retain(|child| !matches!(&*child.name, "Desc" | "SalesTaxCodeRef"));
    }
    for child in wanted.children.iter().filter(|child| child.name != "TxnLineID") {
        node.set(child.clone());
    }
    let is_priced_anew =
        ["Quantity", "Rate", "RatePercent", "Amount"].iter().any(|name| wanted.text_of(name).is_some());
    let before = super::stated(old);
    let now = super::stated(wanted);
    if !changes_item && !is_priced_anew {
        let stated = match before.rate_percent {
            Some(_) => Stated { amount: None, ..before },
            None => Stated { rate: None, ..before },
        };
        return Ok(LineDraft { rate_to_keep: before.rate, ..line(books, node, stated)? });
    }
    let quantity = now.quantity.or(before.quantity);
    let stated = if now.rate.is_some() || now.rate_percent.is_some() || now.amount.is_some() || changes_item {
        Stated { quantity, ..now }
    } else if before.rate.is_some() || before.rate_percent.is_some() {
        Stated { quantity, amount: None, ..before }
    } else {
        Stated { quantity, ..before }
    };
    node.children.retain(|child| !matches!(&*child.name, "Quantity" | "Rate" | "RatePercent" | "Amount"));
    line(books, node, stated)
}
