use jiff::Timestamp;
use jiff::civil::Date;

use super::Edit;
use super::deed::{Deed, Entry, Feature, Field, cents};
use crate::company_file::books::Key;
use crate::company_file::execute;
use crate::company_file::kind::{Kind, List};
use crate::company_file::lists::ListEntry;
use crate::company_file::node::Node;
use crate::company_file::query::Iterators;
use crate::company_file::refusal::Refusal;
use crate::company_file::txns::{Txn, TxnKind};
use crate::company_file::{CompanyFile, SetupError, entry, money};

impl CompanyFile {
    /// Does what the edit says, by the rules that QuickBooks holds its own user to.
    pub fn edit(&mut self, edit: &Edit, now: Timestamp) -> Result<(), SetupError> {
        self.books.now = now;
        match &edit.0 {
            Deed::Add { kind, name } => self.add_by_hand(*kind, name)?,
            Deed::Rename { what, to } => {
                let name = to.rsplit(':').next().unwrap_or(to);
                self.change_by_hand(what, Node::leaf("Name", name))?;
            }
            Deed::Merge { what, into } => self.merge(what, into)?,
            Deed::SetActive { what, is_active } => {
                self.change_by_hand(what, Node::leaf("IsActive", is_active.to_string()))?;
            }
            Deed::Delete { what } => self.delete_by_hand(what)?,
            Deed::AddDocument { kind, number, customer, amount, date } => {
                self.enter(*kind, number, customer, *amount, *date)?;
            }
            Deed::ChangeDocument { kind, number, field, value } => {
                self.change_document(*kind, number, *field, value)?
            }
            Deed::VoidInvoice { number } => {
                let txn_id = self.document(TxnKind::Invoice, number)?.txn_id.clone();
                self.ask("TxnVoidRq", vec![Node::leaf("TxnVoidType", "Invoice"), Node::leaf("TxnID", txn_id)])?;
            }
            Deed::DeleteDocument { kind, number } => {
                let txn_id = self.document(*kind, number)?.txn_id.clone();
                self.ask("TxnDelRq", vec![Node::leaf("TxnDelType", kind.word()), Node::leaf("TxnID", txn_id)])?;
            }
            Deed::PayInvoice { number, amount } => self.pay(number, *amount)?,
            Deed::CloseBooks { until } => {
                self.books.company.closing_date = *until;
                self.books.changed.insert(Key::Company);
            }
            Deed::Switch { feature, is_on } => {
                let company = &mut self.books.company;
                match feature {
                    Feature::Classes => company.uses_classes = *is_on,
                    Feature::SalesTax => company.charges_sales_tax = *is_on,
                }
                self.books.changed.insert(Key::Company);
            }
        }
        self.write_changes().map_err(SetupError::Storage)
    }

    fn add_by_hand(&mut self, kind: Kind, full_name: &str) -> Result<(), SetupError> {
        let (parent, name) =
            full_name.rsplit_once(':').map_or((None, full_name), |(parent, name)| (Some(parent), name));
        let mut given = Node::with("EntryAdd", vec![Node::leaf("Name", name)]);
        given.children.extend(parent.map(|parent| by_name("ParentRef", parent)));
        given.children.extend(self.demanded(kind)?);
        let added = entry::add(&mut self.books, kind, &given).map_err(refused)?;
        self.books.enter_entry(added);
        Ok(())
    }

    /// What QuickBooks' window would not close without.
    fn demanded(&self, kind: Kind) -> Result<Vec<Node>, SetupError> {
        let account = |name: &'static str, account_type: &'static str| {
            let account = self.books.account_of_type(account_type);
            let account = account.ok_or_else(|| missing("account of the type", account_type))?;
            Ok(Node::with(name, account.as_reference()))
        };
        Ok(match kind {
            Kind::ItemService | Kind::ItemNonInventory | Kind::ItemOtherCharge => {
                vec![Node::with("SalesOrPurchase", vec![account("AccountRef", "Income")?])]
            }
            Kind::ItemInventory => vec![
                account("IncomeAccountRef", "Income")?,
                account("COGSAccountRef", "CostOfGoodsSold")?,
                account("AssetAccountRef", "OtherCurrentAsset")?,
            ],
            Kind::ItemDiscount => vec![account("AccountRef", "Income")?],
            Kind::ItemGroup => {
                let member = Node::with("ItemRef", self.item_to_sell()?.as_reference());
                vec![Node::with("ItemGroupLine", vec![member, Node::leaf("Quantity", "1")])]
            }
            Kind::ItemSalesTax => vec![Node::leaf("TaxRate", "8.0")],
            Kind::Account => vec![Node::leaf("AccountType", "Bank")],
            Kind::StandardTerms => vec![Node::leaf("StdDueDays", "30")],
            Kind::Customer
            | Kind::Vendor
            | Kind::Employee
            | Kind::OtherName
            | Kind::ItemSubtotal
            | Kind::ItemPayment
            | Kind::ItemSalesTaxGroup
            | Kind::DateDrivenTerms
            | Kind::PaymentMethod
            | Kind::SalesTaxCode
            | Kind::Class
            | Kind::Template
            | Kind::CustomerMsg
            | Kind::ShipMethod
            | Kind::SalesRep
            | Kind::CustomerType => Vec::new(),
        })
    }

    fn change_by_hand(&mut self, what: &Entry, field: Node) -> Result<(), SetupError> {
        let old = self.entry(what)?;
        let key = Node::leaf("EditSequence", old.node.text_of("EditSequence").unwrap_or_default());
        let given = Node::with("EntryMod", vec![key, field]);
        let changed = entry::modify(&mut self.books, &old, &given).map_err(refused)?;
        self.books.enter_entry(changed);
        Ok(())
    }

    fn delete_by_hand(&mut self, what: &Entry) -> Result<(), SetupError> {
        let old = self.entry(what)?;
        if entry::is_in_use(&self.books, &old) {
            return Err(refused(Refusal::in_use_by_others(&old.list_id)));
        }
        self.books.delete_entry(old.kind.list(), &old.list_id);
        Ok(())
    }

    /// What is charged bears no sales tax, so that it comes to the amount.
    fn enter(
        &mut self,
        kind: TxnKind,
        number: &str,
        customer: &str,
        amount: i64,
        date: Option<Date>,
    ) -> Result<(), SetupError> {
        let mut fields = vec![by_name("CustomerRef", customer)];
        fields.extend(date.map(|date| Node::leaf("TxnDate", date.to_string())));
        fields.push(Node::leaf("RefNumber", number));
        if kind == TxnKind::Invoice {
            let mut line = vec![
                Node::with("ItemRef", self.item_to_sell()?.as_reference()),
                Node::leaf("Amount", money::amount(amount)),
            ];
            let company = &self.books.company;
            if company.charges_sales_tax {
                line.push(by_name("SalesTaxCodeRef", &company.default_non_taxable_code));
            }
            fields.push(Node::with("InvoiceLineAdd", line));
            return self.ask("InvoiceAddRq", vec![Node::with("InvoiceAdd", fields)]);
        }
        fields.push(Node::leaf("TotalAmount", money::amount(amount)));
        fields.push(Node::leaf("IsAutoApply", "false"));
        self.ask("ReceivePaymentAddRq", vec![Node::with("ReceivePaymentAdd", fields)])
    }

    fn change_document(&mut self, kind: TxnKind, number: &str, field: Field, value: &str) -> Result<(), SetupError> {
        let txn = self.document(kind, number)?;
        let fields = match field {
            Field::Date => vec![Node::leaf("TxnDate", value)],
            Field::Number => vec![Node::leaf("RefNumber", value)],
            Field::Memo => vec![Node::leaf("Memo", value)],
            Field::Customer => vec![by_name("CustomerRef", value)],
            Field::Amount => self.with_amount(txn, cents(value).unwrap_or(0))?,
        };
        let edit_sequence = txn.node.text_of("EditSequence").unwrap_or_default().to_owned();
        let mut said = vec![Node::leaf("TxnID", txn.txn_id.clone()), Node::leaf("EditSequence", edit_sequence)];
        said.extend(fields);
        let (request, body) = if kind == TxnKind::Invoice {
            ("InvoiceModRq", "InvoiceMod")
        } else {
            ("ReceivePaymentModRq", "ReceivePaymentMod")
        };
        self.ask(request, vec![Node::with(body, said)])
    }

    fn pay(&mut self, number: &str, amount: i64) -> Result<(), SetupError> {
        let invoice = self.document(TxnKind::Invoice, number)?;
        let part =
            vec![Node::leaf("TxnID", invoice.txn_id.clone()), Node::leaf("PaymentAmount", money::amount(amount))];
        let fields = vec![
            Node::with("CustomerRef", vec![Node::leaf("ListID", invoice.customer_id.clone())]),
            Node::leaf("TotalAmount", money::amount(amount)),
            Node::with("AppliedToTxnAdd", part),
        ];
        self.ask("ReceivePaymentAddRq", vec![Node::with("ReceivePaymentAdd", fields)])
    }

    fn ask(&mut self, request: &'static str, children: Vec<Node>) -> Result<(), SetupError> {
        let mut request = Node::with(request, children);
        let outcome = execute::execute(&mut self.books, &mut request, &mut Iterators::default(), 0);
        if outcome.code >= 1000 {
            return Err(SetupError::Refused { code: outcome.code, message: outcome.message });
        }
        Ok(())
    }

    pub(super) fn entry(&self, what: &Entry) -> Result<ListEntry, SetupError> {
        let list = what.kind.map_or(List::Items, Kind::list);
        let found = self.books.lists.of(list).by_full_name(&what.name);
        let found = found.filter(|entry| what.kind.is_none_or(|kind| kind == entry.kind));
        found.cloned().ok_or_else(|| missing(what.kind.map_or("item", Kind::word), &what.name))
    }

    /// The document with that number, of which there must be one.
    fn document(&self, kind: TxnKind, number: &str) -> Result<&Txn, SetupError> {
        let mut found = self.books.txns.by_ref_number(number).filter(|txn| txn.kind == kind);
        let document = found.next().ok_or_else(|| missing(kind.spoken(), number))?;
        if found.next().is_some() {
            return Err(SetupError::Several { kind: kind.spoken(), number: number.to_owned() });
        }
        Ok(document)
    }

    fn item_to_sell(&self) -> Result<&ListEntry, SetupError> {
        let is_sold = |kind| matches!(kind, Kind::ItemService | Kind::ItemNonInventory | Kind::ItemOtherCharge);
        let mut items = self.books.lists.of(List::Items).iter();
        let item = items.find(|item| item.is_active && is_sold(item.kind));
        item.ok_or_else(|| missing("item", "to sell"))
    }
}

fn by_name(reference: &'static str, full_name: &str) -> Node {
    Node::with(reference, vec![Node::leaf("FullName", full_name)])
}

pub(super) fn missing(kind: &'static str, name: &str) -> SetupError {
    SetupError::NotThere { kind, name: name.to_owned() }
}

fn refused(refusal: Refusal) -> SetupError {
    SetupError::Refused { code: refusal.code, message: refusal.message }
}
