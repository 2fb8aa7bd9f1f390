//! The lines of a document.

mod changed;
mod drafted;

pub(crate) use changed::modified;
pub(crate) use drafted::{Draft, LineDraft};

use crate::company_file::Books;
use crate::company_file::kind::Kind;
use crate::company_file::lists::ListEntry;
use crate::company_file::money;
use crate::company_file::node::Node;
use crate::company_file::pricing::{Effect, Stated};
use crate::company_file::refusal::Refusal;
use crate::company_file::txns::TxnKind;

/// The elements of a line in an answer; credit memos have the same.
const LINE_ORDER: &[&str] = &[
    "TxnLineID",
    "ItemRef",
    "Desc",
    "Quantity",
    "Rate",
    "RatePercent",
    "ClassRef",
    "Amount",
    "SerialNumber",
    "LotNumber",
    "ServiceDate",
    "SalesTaxCodeRef",
    "Other1",
    "Other2",
    "DataExtRet",
];

const GROUP_ORDER: &[&str] = &[
    "TxnLineID",
    "ItemGroupRef",
    "Desc",
    "Quantity",
    "IsPrintItemsInGroup",
    "TotalAmount",
    "InvoiceLineRet",
    "CreditMemoLineRet",
];

/// The lines and groups of an Add, in their order.
pub(crate) fn added(books: &Books, kind: TxnKind, given: &mut Node) -> Result<Vec<Draft>, Refusal> {
    let lines = given.children.iter_mut().filter(|child| super::is_line(&child.name));
    let draft = |line: &mut Node| {
        let line = std::mem::take(line);
        if is_group(&line) { new_group(books, kind, &line) } else { new_line(books, kind, line) }
    };
    lines.map(draft).collect()
}

/// Gives ids to the lines that have none.
pub(crate) fn number(line: &mut Node, books: &mut Books) {
    let now = books.now;
    if line.child("TxnLineID").is_none() {
        line.set_text("TxnLineID", books.ids.txn_id(now));
    }
    if is_group(line) {
        for member in line.children.iter_mut().filter(|child| super::is_line(&child.name)) {
            number(member, books);
        }
        line.arrange(GROUP_ORDER);
    } else {
        line.arrange(LINE_ORDER);
    }
}

/// Takes the amounts out of a line.
pub(crate) fn void(line: &mut Node) {
    for member in line.children.iter_mut().filter(|child| super::is_line(&child.name)) {
        void(member);
    }
    for child in &mut line.children {
        match &*child.name {
            "Amount" | "TotalAmount" => child.text = money::amount(0),
            "Quantity" | "Rate" => child.text = money::number(0),
            _ => {}
        }
    }
    line.children.retain(|child| child.name != "RatePercent");
}

fn is_group(line: &Node) -> bool {
    line.name.contains("LineGroup")
}

fn new_line(books: &Books, kind: TxnKind, mut given: Node) -> Result<Draft, Refusal> {
    let stated = stated(&given);
    given.children.retain(|child| child.name != "TxnLineID");
    let node = Node { name: kind.line_ret().into(), children: given.children, ..Node::default() };
    line(books, node, stated).map(Draft::Line)
}

/// A line whose references and prices are as the request has them.
fn line(books: &Books, mut node: Node, stated: Stated) -> Result<LineDraft, Refusal> {
    let item = node.ref_id("ItemRef").and_then(|item| books.lists.item(item));
    let Some(item) = item else {
        if stated.rate.is_some() || stated.amount.is_some() || stated.rate_percent.is_some() {
            return Err(Refusal::missing("ItemRef"));
        }
        return Ok(LineDraft { node, effect: Effect::Text, stated, rate_to_keep: None, item_tax_code: None });
    };
    if item.kind == Kind::ItemGroup {
        return Err(Refusal::wrong_reference("Item", &item.full_name, "line; a group of items has its own element"));
    }
    if item.kind == Kind::ItemDiscount && stated.quantity.is_some() {
        return Err(Refusal::not_processed("Quantity"));
    }
    if node.child("Desc").is_none() {
        node.children.extend(description(item).map(|desc| Node::leaf("Desc", desc)));
    }
    let (effect, percent) = effect(item);
    let is_unpriced = stated.rate.is_none() && stated.rate_percent.is_none() && stated.amount.is_none();
    let rate_percent = if is_unpriced { percent } else { stated.rate_percent };
    Ok(LineDraft {
        node,
        effect,
        stated: Stated { rate_percent, ..stated },
        rate_to_keep: None,
        item_tax_code: item.node.child("SalesTaxCodeRef").cloned(),
    })
}

fn new_group(books: &Books, kind: TxnKind, given: &Node) -> Result<Draft, Refusal> {
    let group = given.ref_id("ItemGroupRef").and_then(|group| books.lists.item(group));
    let group = group.ok_or_else(|| Refusal::missing("ItemGroupRef"))?;
    let mut node = Node::new(kind.group_ret());
    node.children = given.children.iter().filter(|child| child.name != "TxnLineID").cloned().collect();
    if let Some(desc) = group.node.text_of("ItemDesc") {
        node.set_text("Desc", desc);
    }
    node.set_text("IsPrintItemsInGroup", if group.node.is_true("IsPrintItemsInGroup") { "true" } else { "false" });
    let times = money::e5(given, "Quantity").unwrap_or(100_000);
    let members = group.node.children_named("ItemGroupLine").filter(|member| member.child("ItemRef").is_some());
    let members = members.map(|member| {
        let mut node = Node::new(kind.line_ret());
        node.children = member.children_named("ItemRef").cloned().collect();
        let each = money::e5(member, "Quantity").unwrap_or(100_000);
        let quantity = i64::try_from(i128::from(each) * i128::from(times) / 100_000).ok();
        line(books, node, Stated { quantity, ..Stated::default() })
    });
    Ok(Draft::Group { node, members: members.collect::<Result<_, _>>()? })
}

fn stated(given: &Node) -> Stated {
    Stated {
        quantity: money::e5(given, "Quantity"),
        rate: money::e5(given, "Rate"),
        rate_percent: money::e5(given, "RatePercent"),
        amount: money::cents(given, "Amount"),
    }
}

/// What the item does to a line, and its per cent of the line above where that is its price.
fn effect(item: &ListEntry) -> (Effect, Option<i64>) {
    let sale =
        |place: Option<&Node>, price: &str| Effect::Sale { rate: place.and_then(|place| money::e5(place, price)) };
    if item.kind == Kind::ItemSubtotal {
        return (Effect::Subtotal, None);
    }
    if item.kind == Kind::ItemDiscount {
        let rate = money::e5(&item.node, "DiscountRate");
        return (Effect::Discount { rate, percent: money::e5(&item.node, "DiscountRatePercent") }, None);
    }
    // Money that was received already takes from the total.
    if item.kind == Kind::ItemPayment {
        return (Effect::Discount { rate: None, percent: None }, None);
    }
    if item.kind == Kind::ItemSalesTax {
        return (Effect::Sale { rate: None }, money::e5(&item.node, "TaxRate"));
    }
    if item.kind == Kind::ItemInventory {
        return (sale(Some(&item.node), "SalesPrice"), None);
    }
    let one_way = item.node.child("SalesOrPurchase");
    match item.node.child("SalesAndPurchase") {
        Some(both) => (sale(Some(both), "SalesPrice"), None),
        None => (sale(one_way, "Price"), one_way.and_then(|place| money::e5(place, "PricePercent"))),
    }
}

fn description(item: &ListEntry) -> Option<String> {
    let node = &item.node;
    let one_way = node.child("SalesOrPurchase").and_then(|place| place.text_of("Desc"));
    let both = node.child("SalesAndPurchase").and_then(|place| place.text_of("SalesDesc"));
    let own = node.text_of("SalesDesc").or(node.text_of("ItemDesc"));
    one_way.or(both).or(own).map(str::to_owned)
}
