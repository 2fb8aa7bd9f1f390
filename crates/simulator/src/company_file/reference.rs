//! References between objects: which element names an entry of which list.

use super::kind::{Kind, List};
use super::lists::Lists;
use super::node::Node;
use super::refusal::Refusal;

/// What a reference element may name.
struct Target {
    list: List,
    /// As QuickBooks calls the entry in its errors.
    word: &'static str,
    accepts: fn(Kind) -> bool,
}

const fn any(list: List, word: &'static str) -> Target {
    Target { list, word, accepts: |_| true }
}

fn target(element: &str) -> Option<Target> {
    Some(match element {
        "CustomerRef" => Target { list: List::Names, word: "Customer", accepts: |kind| kind == Kind::Customer },
        "PrefVendorRef" | "TaxVendorRef" => {
            Target { list: List::Names, word: "Vendor", accepts: |kind| kind == Kind::Vendor }
        }
        "ItemRef" => any(List::Items, "Item"),
        "ItemGroupRef" => Target { list: List::Items, word: "Item Group", accepts: |kind| kind == Kind::ItemGroup },
        "ItemSalesTaxRef" => Target {
            list: List::Items,
            word: "Sales Tax Item",
            accepts: |kind| matches!(kind, Kind::ItemSalesTax | Kind::ItemSalesTaxGroup),
        },
        "ARAccountRef"
        | "AccountRef"
        | "IncomeAccountRef"
        | "ExpenseAccountRef"
        | "COGSAccountRef"
        | "AssetAccountRef"
        | "DepositToAccountRef"
        | "OverrideItemAccountRef"
        | "DiscountAccountRef"
        | "RefundFromAccountRef" => any(List::Accounts, "Account"),
        "TermsRef" => any(List::Terms, "Terms"),
        "PaymentMethodRef" | "PreferredPaymentMethodRef" => any(List::PaymentMethods, "Payment Method"),
        "SalesTaxCodeRef" | "CustomerSalesTaxCodeRef" => any(List::SalesTaxCodes, "Sales Tax Code"),
        "ClassRef" | "DiscountClassRef" => any(List::Classes, "Class"),
        "TemplateRef" => any(List::Templates, "Template"),
        "CustomerMsgRef" => any(List::CustomerMsgs, "Customer Message"),
        "ShipMethodRef" => any(List::ShipMethods, "Shipping Method"),
        "SalesRepRef" => any(List::SalesReps, "Sales Rep"),
        "CustomerTypeRef" => any(List::CustomerTypes, "Customer Type"),
        _ => return None,
    })
}

/// Features that a company file may have switched off (3250).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Features {
    pub(crate) classes: bool,
    pub(crate) sales_tax: bool,
}

/// Replaces every reference below `node` by id and current full name of the entry it names, which must exist and be
/// active. `place` names the request's object for the error.
pub(crate) fn resolve(node: &mut Node, lists: &Lists, features: Features, place: &str) -> Result<(), Refusal> {
    // An empty reference names nothing; in a Mod it clears the field.
    for child in node.children.iter_mut().filter(|child| !child.is_empty()) {
        match &*child.name {
            // Which list a parent is in depends on the entry.
            "ParentRef" => {}
            "CurrencyRef" => return Err(Refusal::feature_off("multiple currencies")),
            "InventorySiteRef" | "InventorySiteLocationRef" => return Err(Refusal::feature_off("inventory sites")),
            "UnitOfMeasureSetRef" | "OverrideUOMSetRef" => return Err(Refusal::feature_off("units of measure")),
            "PriceLevelRef" => return Err(Refusal::feature_off("price levels")),
            "ClassRef" | "DiscountClassRef" if !features.classes => return Err(Refusal::feature_off("class tracking")),
            "ItemSalesTaxRef" if !features.sales_tax => return Err(Refusal::feature_off("sales tax")),
            name => match target(name) {
                Some(target) => {
                    let resolved = find(child, &target, lists, place)?;
                    child.children = resolved;
                }
                None if name.ends_with("Ref") && name != "AdditionalContactRef" => {
                    return Err(Refusal::bad_reference(name.trim_end_matches("Ref"), named(child), place));
                }
                None => resolve(child, lists, features, place)?,
            },
        }
    }
    Ok(())
}

fn find(reference: &Node, target: &Target, lists: &Lists, place: &str) -> Result<Vec<Node>, Refusal> {
    let catalog = lists.of(target.list);
    // Where both stand, QuickBooks ignores the name (qbXML notes, section 6).
    let found = match (reference.text_of("ListID"), reference.text_of("FullName")) {
        (Some(list_id), _) => catalog.by_id(list_id),
        (None, Some(full_name)) => catalog.by_full_name(full_name),
        (None, None) => None,
    };
    let invalid = || Refusal::bad_reference(target.word, named(reference), place);
    let entry = found.filter(|entry| entry.is_active).ok_or_else(invalid)?;
    if !(target.accepts)(entry.kind) {
        return Err(Refusal::wrong_reference(target.word, named(reference), place));
    }
    Ok(entry.as_reference())
}

fn named(reference: &Node) -> &str {
    reference.text_of("FullName").or(reference.text_of("ListID")).unwrap_or_default()
}
