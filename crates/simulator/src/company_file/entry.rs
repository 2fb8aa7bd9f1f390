//! Adding and changing entries of lists.

use super::Books;
use super::address;
use super::kind::{Kind, List};
use super::lists::ListEntry;
use super::node::Node;
use super::refusal::Refusal;

pub(crate) fn add(books: &mut Books, kind: Kind, add: &Node) -> Result<ListEntry, Refusal> {
    let mut given = add.clone();
    super::reference::resolve(&mut given, &books.lists, books.company.features(), kind.word())?;
    check(kind, &given)?;
    let mut node = Node::new(kind.ret());
    node.children =
        given.children.iter().filter(|child| !child.is_empty() && !is_computed(&child.name)).cloned().collect();
    if let Some(code) = given.child("BarCode").and_then(|code| code.text_of("BarCodeValue")) {
        node.set_text("BarCodeValue", code);
    }
    fill_in(books, kind, &mut node);
    name(books, kind, &mut node, None)?;
    let now = books.now;
    node.set_text("ListID", books.ids.list_id(now));
    node.set_text("TimeCreated", books.stamp());
    finish(books, kind, node)
}

/// Changes an entry as a Mod says: what is left out stays, what is empty is cleared.
pub(crate) fn modify(books: &mut Books, old: &ListEntry, modification: &Node) -> Result<ListEntry, Refusal> {
    let mut given = modification.clone();
    super::reference::resolve(&mut given, &books.lists, books.company.features(), old.kind.word())?;
    check(old.kind, &given)?;
    let mut node = old.node.clone();
    for child in &given.children {
        if !matches!(&*child.name, "ListID" | "EditSequence") && !is_computed(&child.name) {
            node.set(child.clone());
        }
    }
    name(books, old.kind, &mut node, Some(old))?;
    let entry = finish(books, old.kind, node)?;
    if entry.full_name != old.full_name {
        rename_children(books, &entry);
    }
    Ok(entry)
}

/// What an entry says that is in use cannot be deleted.
pub(crate) fn is_in_use(books: &Books, entry: &ListEntry) -> bool {
    let names_it = |node: &Node| mentions(node, &entry.list_id, entry.kind.list());
    books.lists.has_children(&entry.list_id)
        || books.lists.iter().any(|other| names_it(&other.node))
        || books.txns.iter().any(|txn| names_it(&txn.node))
}

fn check(kind: Kind, given: &Node) -> Result<(), Refusal> {
    for name in ["BillAddress", "ShipAddress"] {
        given.child(name).map_or(Ok(()), address::check)?;
    }
    if let Some(both) = given.child("SalesAndPurchase") {
        for (account, says) in [("IncomeAccountRef", "An income account"), ("ExpenseAccountRef", "An expense account")]
        {
            if both.child(account).is_none() {
                return Err(Refusal::bad_property(account, "", &format!("{says} must be specified.")));
            }
        }
    }
    let is_add = given.child("EditSequence").is_none();
    if is_add {
        check_accounts(kind, given)?;
    }
    Ok(())
}

/// An item needs the accounts that its sales are posted to.
fn check_accounts(kind: Kind, given: &Node) -> Result<(), Refusal> {
    let needs = |place: &Node, account: &str| match place.child(account) {
        Some(_) => Ok(()),
        None => Err(Refusal::missing(account)),
    };
    if kind == Kind::ItemInventory {
        let mut accounts = ["IncomeAccountRef", "COGSAccountRef", "AssetAccountRef"].iter();
        return accounts.try_for_each(|account| needs(given, account));
    }
    if kind == Kind::ItemDiscount {
        return needs(given, "AccountRef");
    }
    given.child("SalesOrPurchase").map_or(Ok(()), |one_way| needs(one_way, "AccountRef"))
}

/// Sets name, full name, parent and level, and refuses names that are taken by whomever, active or not.
fn name(books: &Books, kind: Kind, node: &mut Node, old: Option<&ListEntry>) -> Result<(), Refusal> {
    let given = node.text_of("Name").or(node.text_of("Initial")).ok_or_else(|| Refusal::missing("Name"))?.to_owned();
    if given.contains(':') {
        return Err(Refusal::bad_name(&given));
    }
    let (full_name, level) = match parent(books, kind, node)? {
        Some(parent) => {
            if old.is_some_and(|old| books.lists.family(kind.list(), &old.list_id).contains(&parent.list_id)) {
                return Err(Refusal::no_parent(&parent.full_name));
            }
            let level = parent.node.text_of("Sublevel").and_then(|level| level.parse::<u32>().ok()).unwrap_or(0) + 1;
            let (full_name, reference) = (format!("{}:{given}", parent.full_name), parent.as_reference());
            node.set(Node::with("ParentRef", reference));
            (full_name, level)
        }
        None => (given.clone(), 0),
    };
    if full_name.chars().count() > full_name_length_max(kind) {
        return Err(Refusal::too_long("FullName", &full_name));
    }
    let taken = books.lists.of(kind.list()).by_full_name(&full_name);
    if taken.is_some_and(|taken| old.is_none_or(|old| old.list_id != taken.list_id)) {
        return Err(Refusal::name_in_use(&given));
    }
    if kind.has_hierarchy() {
        node.set_text("FullName", full_name);
        node.set_text("Sublevel", level.to_string());
    }
    Ok(())
}

/// How long a name may be with all its ancestors (qbXML notes, section 6.2); the schema cannot check that.
const fn full_name_length_max(kind: Kind) -> usize {
    if matches!(kind, Kind::Customer) {
        209
    } else if matches!(kind, Kind::Account | Kind::Class | Kind::CustomerType) {
        159
    } else {
        usize::MAX
    }
}

fn parent<'a>(books: &'a Books, kind: Kind, node: &Node) -> Result<Option<&'a ListEntry>, Refusal> {
    let Some(reference) = node.child("ParentRef") else {
        return Ok(None);
    };
    let catalog = books.lists.of(kind.list());
    let (found, called) = match (reference.text_of("ListID"), reference.text_of("FullName")) {
        (Some(id), _) => (catalog.by_id(id), id),
        (None, Some(name)) => (catalog.by_full_name(name), name),
        (None, None) => return Ok(None),
    };
    let same_kind = |entry: &&ListEntry| entry.kind == kind;
    found.filter(same_kind).map(Some).ok_or_else(|| Refusal::no_parent(called))
}

fn fill_in(books: &Books, kind: Kind, node: &mut Node) {
    let mut default = |name: &'static str, value: &str| {
        if node.child(name).is_none() {
            node.set_text(name, value);
        }
    };
    default("IsActive", "true");
    let defaults: &[(&'static str, &str)] = if kind == Kind::Customer {
        &[("JobStatus", "None"), ("PreferredDeliveryMethod", "None")]
    } else if kind == Kind::SalesTaxCode {
        &[("IsTaxable", "true")]
    } else if kind == Kind::PaymentMethod {
        &[("PaymentMethodType", "Other")]
    } else if kind == Kind::ItemSalesTax {
        &[("TaxRate", "0")]
    } else if kind == Kind::ItemInventory {
        &[("QuantityOnHand", "0"), ("AverageCost", "0"), ("QuantityOnOrder", "0"), ("QuantityOnSalesOrder", "0")]
    } else {
        &[]
    };
    for (name, value) in defaults {
        default(name, value);
    }
    let company = &books.company;
    if kind == Kind::Customer && company.charges_sales_tax && node.child("SalesTaxCodeRef").is_none() {
        let code = books.lists.of(List::SalesTaxCodes).by_full_name(&company.default_taxable_code);
        node.children.extend(code.map(|code| Node::with("SalesTaxCodeRef", code.as_reference())));
    }
}

fn finish(books: &mut Books, kind: Kind, mut node: Node) -> Result<ListEntry, Refusal> {
    let now = books.now;
    address::set_block(&mut node, "BillAddress", "BillAddressBlock");
    address::set_block(&mut node, "ShipAddress", "ShipAddressBlock");
    node.set_text("TimeModified", books.stamp());
    node.set_text("EditSequence", books.ids.edit_sequence(now));
    node.arrange(kind.order());
    ListEntry::from_node(kind, node).ok_or_else(|| Refusal::new(1000, "There has been an internal error."))
}

/// Gives the entries below a renamed one their new full names.
fn rename_children(books: &mut Books, renamed: &ListEntry) {
    let list = renamed.kind.list();
    let children: Vec<ListEntry> = books
        .lists
        .of(list)
        .iter()
        .filter(|entry| entry.parent_id.as_deref() == Some(&renamed.list_id))
        .cloned()
        .collect();
    for mut child in children {
        let name = child.node.text_of("Name").unwrap_or_default().to_owned();
        child.full_name = format!("{}:{name}", renamed.full_name);
        child.node.set_text("FullName", child.full_name.clone());
        child.node.set(Node::with("ParentRef", renamed.as_reference()));
        child.node.arrange(child.kind.order());
        books.enter_entry(child.clone());
        rename_children(books, &child);
    }
}

/// What QuickBooks computes, or what an Add asks it to compute.
fn is_computed(name: &str) -> bool {
    matches!(name, "BarCode" | "OpenBalance" | "OpenBalanceDate" | "TotalValue" | "InventoryDate")
}

fn mentions(node: &Node, list_id: &str, list: List) -> bool {
    let is_it = |child: &Node| {
        let names_one_of_list = if list == List::Items {
            child.name.contains("Item")
        } else if list == List::Names {
            matches!(&*child.name, "CustomerRef" | "TaxVendorRef" | "PrefVendorRef")
        } else if list == List::Accounts {
            child.name.contains("Account")
        } else {
            true
        };
        names_one_of_list && child.text_of("ListID") == Some(list_id)
    };
    node.children.iter().any(|child| (child.name.ends_with("Ref") && is_it(child)) || mentions(child, list_id, list))
}
