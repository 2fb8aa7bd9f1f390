use super::super::tax::{self, Sums};
use crate::company_file::Books;
use crate::company_file::kind::List;
use crate::company_file::money;
use crate::company_file::node::Node;
use crate::company_file::pricing::{Above, Effect, Priced, Stated, TooLarge};
use crate::company_file::txns::TxnKind;

/// A line or a group of lines, not priced yet.
pub(crate) enum Draft {
    Line(LineDraft),
    Group { node: Node, members: Vec<LineDraft> },
}

/// A line that is not priced yet.
pub(crate) struct LineDraft {
    pub(crate) node: Node,
    pub(crate) effect: Effect,
    pub(crate) stated: Stated,
    /// The rate of a line that a Mod keeps as it was: computing it again from a rounded amount would change it.
    pub(crate) rate_to_keep: Option<i64>,
    pub(crate) item_tax_code: Option<Node>,
}

/// A line as it is entered.
pub(crate) struct Entered {
    pub(crate) node: Node,
    pub(crate) rate_was_ignored: bool,
}

impl Draft {
    /// Prices it, with what stands above it, and adds it to the document's sums.
    pub(crate) fn enter(
        self,
        books: &Books,
        kind: TxnKind,
        document: &Node,
        above: &mut Above,
        sums: &mut Sums,
    ) -> Result<Entered, TooLarge> {
        match self {
            Self::Line(line) => line.enter(books, document, above, sums),
            Self::Group { mut node, members } => {
                node.children.retain(|child| child.name != kind.line_ret());
                let before = sums.subtotal;
                let mut rate_was_ignored = false;
                for member in members {
                    let entered = member.enter(books, document, above, sums)?;
                    rate_was_ignored |= entered.rate_was_ignored;
                    node.children.push(entered.node);
                }
                node.set_text("TotalAmount", money::amount(sums.subtotal - before));
                Ok(Entered { node, rate_was_ignored })
            }
        }
    }
}

impl LineDraft {
    fn enter(self, books: &Books, document: &Node, above: &mut Above, sums: &mut Sums) -> Result<Entered, TooLarge> {
        let priced = above.price(self.effect, self.stated)?;
        let rate = self.rate_to_keep.or(priced.rate);
        let mut node = self.node;
        set_prices(&mut node, priced, rate);
        if !books.company.charges_sales_tax || !priced.counts {
            node.children.retain(|child| child.name != "SalesTaxCodeRef");
        } else if node.child("SalesTaxCodeRef").is_none() {
            let code = default_tax_code(books, document, self.item_tax_code.as_ref());
            node.children.extend(code.map(|code| Node::with("SalesTaxCodeRef", code)));
        }
        if let (true, Some(amount)) = (priced.counts, priced.amount) {
            sums.subtotal = sums.subtotal.checked_add(amount).ok_or(TooLarge)?;
            let customer = tax::is_taxable(&books.lists, document.child("CustomerSalesTaxCodeRef"));
            if customer && tax::is_taxable(&books.lists, node.child("SalesTaxCodeRef")) {
                sums.taxable = sums.taxable.checked_add(amount).ok_or(TooLarge)?;
            }
        }
        Ok(Entered { node, rate_was_ignored: priced.rate_was_ignored })
    }
}

fn set_prices(node: &mut Node, priced: Priced, rate: Option<i64>) {
    node.children.retain(|child| !matches!(&*child.name, "Quantity" | "Rate" | "RatePercent" | "Amount"));
    let numbers = [("Quantity", priced.quantity), ("Rate", rate), ("RatePercent", priced.rate_percent)];
    for (name, value) in numbers {
        // An answer has either the rate or its per cent.
        if name != "RatePercent" || rate.is_none() {
            node.children.extend(value.map(|value| Node::leaf(name, money::number(value))));
        }
    }
    node.children.extend(priced.amount.map(|amount| Node::leaf("Amount", money::amount(amount))));
}

/// The customer's code if that frees from tax, else the item's, else the company's for what is taxable.
fn default_tax_code(books: &Books, document: &Node, item_code: Option<&Node>) -> Option<Vec<Node>> {
    let customer_code = document.child("CustomerSalesTaxCodeRef");
    if let Some(code) = customer_code
        && !tax::is_taxable(&books.lists, Some(code))
    {
        return Some(code.children.clone());
    }
    if let Some(code) = item_code {
        return Some(code.children.clone());
    }
    let codes = books.lists.of(List::SalesTaxCodes);
    codes.by_full_name(&books.company.default_taxable_code).map(|code| code.as_reference())
}
