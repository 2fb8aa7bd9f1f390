use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use bookferry_xml::{Limits, ReadError, Reader, Start, Writer};

use super::kind::Kind;
use super::txns::TxnKind;

/// An element of qbXML as QuickBooks itself sees it here: a name, and a text or children.
///
/// The engine works on these rather than on typed messages, since its rules are about elements: what a Mod leaves out
/// stays, what is empty is cleared, what was added comes back in the order of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Node {
    pub(crate) name: Cow<'static, str>,
    pub(crate) attributes: Vec<(Cow<'static, str>, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), attributes: Vec::new(), text: String::new(), children: Vec::new() }
    }

    pub(crate) fn leaf(name: &'static str, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::new(name) }
    }

    pub(crate) const fn with(name: &'static str, children: Vec<Self>) -> Self {
        Self { name: Cow::Borrowed(name), attributes: Vec::new(), text: String::new(), children }
    }

    /// Reads the element whose start tag was just taken.
    pub(crate) fn read(start: &Start<'_>, reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let attributes = start.attributes().map(|(name, value)| (Cow::Owned(name.to_owned()), value.into_owned()));
        let mut node = Self { name: element_name(start.name()), attributes: attributes.collect(), ..Self::default() };
        node.read_content(reader)?;
        Ok(node)
    }

    /// A document of ours, such as [`Node::to_xml`] wrote it.
    pub(crate) fn from_xml(xml: &str) -> Result<Self, ReadError> {
        let mut reader = Reader::new(xml, Limits::DEFAULT)?;
        let start = reader.root()?;
        Self::read(&start, &mut reader)
    }

    pub(crate) fn to_xml(&self) -> String {
        let mut out = Writer::with_capacity(1024);
        self.write(&mut out);
        out.finish()
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.start(&self.name);
        for (name, value) in &self.attributes {
            out.attribute(name, value);
        }
        out.text(&self.text);
        for child in &self.children {
            child.write(out);
        }
        out.end(&self.name);
    }

    /// Replaces what QuickBooks cannot store by question marks, as it does (qbXML notes, section 5).
    pub(crate) fn store_as_latin1(&mut self) {
        if !self.text.is_ascii() && self.text.chars().any(|character| character > '\u{ff}') {
            self.text = self.text.chars().map(|character| if character > '\u{ff}' { '?' } else { character }).collect();
        }
        for child in &mut self.children {
            child.store_as_latin1();
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(crate) fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child that is there and not empty.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    pub(crate) fn texts_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.children_named(name).map(|child| child.text.trim())
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.text_of(name), Some("true" | "1"))
    }

    /// The `ListID` of a reference that was resolved.
    pub(crate) fn ref_id(&self, name: &str) -> Option<&str> {
        self.child(name)?.text_of("ListID")
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.text.is_empty() && self.children.is_empty()
    }

    /// Puts a child in the place of those of its name, or adds it; an empty one takes them away.
    pub(crate) fn set(&mut self, child: Self) {
        if child.is_empty() {
            return self.children.retain(|old| old.name != child.name);
        }
        match self.children.iter_mut().find(|old| old.name == child.name) {
            Some(old) => *old = child,
            None => self.children.push(child),
        }
    }

    pub(crate) fn set_text(&mut self, name: &'static str, text: impl Into<String>) {
        self.set(Self::leaf(name, text));
    }

    /// Brings the children into the order of the answer and leaves out those that it does not know.
    pub(crate) fn arrange(&mut self, order: &[&str]) {
        let place = |node: &Self| {
            // Lines and groups of lines stand mixed.
            let name = node.name.strip_suffix("LineGroupRet").map_or(&*node.name, |kind| match kind {
                "Invoice" => "InvoiceLineRet",
                _ => "CreditMemoLineRet",
            });
            order.iter().position(|known| *known == name)
        };
        self.children.retain(|child| place(child).is_some());
        self.children.sort_by_key(place);
    }

    fn read_content(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if !is_aggregate(&self.name) {
            self.text = reader.text()?;
            return Ok(());
        }
        while let Some(start) = reader.child()? {
            self.children.push(Self::read(&start, reader)?);
        }
        Ok(())
    }
}

/// Names that occur by the hundred thousand are not allocated anew each time.
fn element_name(name: &str) -> Cow<'static, str> {
    static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let lists = Kind::ALL.into_iter().flat_map(Kind::order);
        let transactions = TxnKind::ALL.into_iter().flat_map(TxnKind::order);
        lists.chain(transactions).chain(FREQUENT).copied().collect()
    });
    KNOWN.get(name).map_or_else(|| Cow::Owned(name.to_owned()), |known| Cow::Borrowed(*known))
}

/// Names of requests that stand in no answer.
const FREQUENT: &[&str] = &[
    "Amount",
    "AppliedToTxnAdd",
    "CreditMemoLineAdd",
    "Desc",
    "FullName",
    "InvoiceAdd",
    "InvoiceAddRq",
    "InvoiceLineAdd",
    "InvoiceLineMod",
    "IsAutoApply",
    "ItemRef",
    "PaymentAmount",
    "Quantity",
    "Rate",
    "ReceivePaymentAdd",
    "ReceivePaymentAddRq",
    "TxnLineID",
];

/// Whether an element of that name holds elements; in qbXML a name always means the same in this respect.
fn is_aggregate(name: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "Ref",
        "Add",
        "Mod",
        "Rq",
        "Rs",
        "Ret",
        "Address",
        "Block",
        "Filter",
        "DataExt",
        "SetCredit",
        "LinkToTxn",
        "Purchase",
        "LinkedTxn",
        "Info",
        "Preferences",
    ];
    const NAMES: [&str; 16] = [
        "QBXML",
        "QBXMLMsgsRq",
        "QBXMLMsgsRs",
        "BarCode",
        "ItemGroupLine",
        "AdditionalNotes",
        "Contacts",
        "ErrorRecovery",
        "IncludeListMetaData",
        "SubscribedServices",
        "AccountantCopy",
        "PriceLevels",
        "CurrentAppAccessRights",
        "CompanyAddressForCustomer",
        "CompanyAddressBlockForCustomer",
        "Service",
    ];
    const TEXTS: [&str; 2] = ["CreditCardAddress", "ItemTypeFilter"];
    NAMES.contains(&name) || (ENDINGS.iter().any(|ending| name.ends_with(ending)) && !TEXTS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn what_is_written_is_read_back() {
        let xml = "<InvoiceAdd defMacro=\"TxnID:a\"><CustomerRef><FullName>A &amp; B &#228;</FullName></CustomerRef>\
                   <Memo> two  blanks </Memo><IsPending/></InvoiceAdd>";
        let node = Node::from_xml(xml).unwrap();
        assert_eq!(node.attribute("defMacro"), Some("TxnID:a"));
        assert_eq!(node.child("CustomerRef").unwrap().text_of("FullName"), Some("A & B \u{e4}"));
        assert_eq!(node.child("Memo").unwrap().text, " two  blanks ");
        assert_eq!(node.to_xml(), xml);
    }

    #[test]
    fn children_are_set_cleared_and_arranged() {
        let mut node = Node::with("CustomerRet", vec![Node::leaf("Phone", "1"), Node::leaf("Name", "Anna")]);
        node.set_text("Email", "anna@example.com");
        node.set_text("Phone", "");
        node.set_text("Unheard", "x");
        node.arrange(&["Name", "Phone", "Email"]);
        assert_eq!(node.to_xml(), "<CustomerRet><Name>Anna</Name><Email>anna@example.com</Email></CustomerRet>");
    }
}
