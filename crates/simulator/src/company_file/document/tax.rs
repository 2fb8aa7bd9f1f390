use crate::company_file::Books;
use crate::company_file::kind::{Kind, List};
use crate::company_file::lists::Lists;
use crate::company_file::money;
use crate::company_file::node::Node;

/// What the lines of a document come to, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) subtotal: i64,
    pub(crate) taxable: i64,
}

/// The per cent of the document's tax item, or of all items of its tax group together.
pub(crate) fn percent(books: &Books, document: &Node) -> i64 {
    if !books.company.charges_sales_tax {
        return 0;
    }
    document.ref_id("ItemSalesTaxRef").map_or(0, |list_id| percent_of(&books.lists, list_id))
}

/// Whether a sales tax code means that tax is due.
pub(crate) fn is_taxable(lists: &Lists, reference: Option<&Node>) -> bool {
    let code = reference.and_then(|reference| lists.of(List::SalesTaxCodes).by_id(reference.text_of("ListID")?));
    code.is_some_and(|code| code.node.is_true("IsTaxable"))
}

fn percent_of(lists: &Lists, list_id: &str) -> i64 {
    let Some(item) = lists.item(list_id) else {
        return 0;
    };
    if item.kind == Kind::ItemSalesTaxGroup {
        let members = item.node.children_named("ItemSalesTaxRef").filter_map(|member| member.text_of("ListID"));
        return members.filter(|member| *member != list_id).map(|member| percent_of(lists, member)).sum();
    }
    money::e5(&item.node, "TaxRate").unwrap_or(0)
}
