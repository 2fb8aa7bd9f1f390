use std::collections::{BTreeMap, HashMap};

/// Accounts receivable: who owes what, and which money pays which document. Amounts are in cents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ledger {
    postings: HashMap<String, Posting>,
    /// Which money pays a document, by the document.
    paid_by: HashMap<String, BTreeMap<String, Link>>,
    /// Which documents money pays, by the money.
    pays: HashMap<String, BTreeMap<u64, String>>,
    links_made: u64,
    balances: HashMap<String, i64>,
}

/// A document's effect on what its customer owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) customer_id: String,
    pub(crate) side: Side,
    /// Never negative for money; an invoice's may be.
    pub(crate) total: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// An invoice: the customer owes it.
    Charge,
    /// A payment or a credit memo: it takes from what the customer owes, applied or not.
    Credit,
}

/// Money that pays part of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) amount: i64,
    /// Taken off the charge without money.
    pub(crate) discount: i64,
}

impl Ledger {
    /// Enters a document, or replaces its customer and total; its links stay.
    pub(crate) fn post(&mut self, txn_id: &str, posting: Posting) {
        self.unpost(txn_id);
        let effect = posting.signed() - self.discounts_on(txn_id);
        self.change_balance(&posting.customer_id, effect);
        self.postings.insert(txn_id.to_owned(), posting);
    }

    /// Takes a document out with all its links.
    pub(crate) fn remove(&mut self, txn_id: &str) {
        self.release_credit(txn_id);
        for credit in self.credits_of(txn_id) {
            self.unlink(&credit, txn_id);
        }
        self.unpost(txn_id);
    }

    /// Has `credit` pay `link` of `charge`, in place of what it paid before.
    pub(crate) fn link(&mut self, credit: &str, charge: &str, link: Link) {
        self.unlink(credit, charge);
        self.discount(charge, link.discount);
        self.paid_by.entry(charge.to_owned()).or_default().insert(credit.to_owned(), link);
        self.links_made += 1;
        self.pays.entry(credit.to_owned()).or_default().insert(self.links_made, charge.to_owned());
    }

    pub(crate) fn unlink(&mut self, credit: &str, charge: &str) {
        let Some(link) = self.paid_by.get_mut(charge).and_then(|links| links.remove(credit)) else {
            return;
        };
        if let Some(charges) = self.pays.get_mut(credit) {
            charges.retain(|_, paid| paid != charge);
        }
        self.discount(charge, -link.discount);
    }

    /// Frees all that `credit` pays.
    pub(crate) fn release_credit(&mut self, credit: &str) {
        for charge in self.charges_of(credit) {
            self.unlink(credit, &charge);
        }
    }

    /// What is left to pay of a charge.
    pub(crate) fn open_amount(&self, charge: &str) -> i64 {
        self.postings.get(charge).map_or(0, |posting| posting.total) - self.applied_to(charge)
    }

    /// What a charge was paid and discounted.
    pub(crate) fn applied_to(&self, charge: &str) -> i64 {
        self.links_to(charge).map(|(_, link)| link.amount + link.discount).sum()
    }

    /// What is left of a payment or credit memo.
    pub(crate) fn unused_amount(&self, credit: &str) -> i64 {
        let used: i64 = self.links_from(credit).map(|(_, link)| link.amount).sum();
        self.postings.get(credit).map_or(0, |posting| posting.total) - used
    }

    pub(crate) fn links_to(&self, charge: &str) -> impl Iterator<Item = (&str, Link)> {
        self.paid_by.get(charge).into_iter().flatten().map(|(credit, link)| (credit.as_str(), *link))
    }

    /// In the order in which they were linked.
    pub(crate) fn links_from(&self, credit: &str) -> impl Iterator<Item = (&str, Link)> {
        let charges = self.pays.get(credit).into_iter().flat_map(BTreeMap::values);
        charges.filter_map(move |charge| Some((charge.as_str(), *self.paid_by.get(charge)?.get(credit)?)))
    }

    pub(crate) fn link_of(&self, credit: &str, charge: &str) -> Option<Link> {
        self.paid_by.get(charge)?.get(credit).copied()
    }

    /// A number that grows with each link, by which the order of links can be restored.
    pub(crate) fn place_of(&self, credit: &str, charge: &str) -> Option<u64> {
        self.pays.get(credit)?.iter().find(|(_, paid)| *paid == charge).map(|(place, _)| *place)
    }

    pub(crate) fn is_linked(&self, txn_id: &str) -> bool {
        self.links_to(txn_id).next().is_some() || self.links_from(txn_id).next().is_some()
    }

    /// What the customer owes, jobs not counted.
    pub(crate) fn balance(&self, customer_id: &str) -> i64 {
        self.balances.get(customer_id).copied().unwrap_or(0)
    }

    pub(crate) fn balance_of_all(&self) -> i64 {
        self.balances.values().sum()
    }

    pub(crate) fn posting(&self, txn_id: &str) -> Option<&Posting> {
        self.postings.get(txn_id)
    }

    fn credits_of(&self, charge: &str) -> Vec<String> {
        self.links_to(charge).map(|(credit, _)| credit.to_owned()).collect()
    }

    fn charges_of(&self, credit: &str) -> Vec<String> {
        self.pays.get(credit).into_iter().flat_map(BTreeMap::values).cloned().collect()
    }

    fn discounts_on(&self, charge: &str) -> i64 {
        self.links_to(charge).map(|(_, link)| link.discount).sum()
    }

    fn unpost(&mut self, txn_id: &str) {
        if let Some(posting) = self.postings.remove(txn_id) {
            let effect = posting.signed() - self.discounts_on(txn_id);
            self.change_balance(&posting.customer_id, -effect);
        }
    }

    fn discount(&mut self, charge: &str, discount: i64) {
        if discount != 0
            && let Some(customer_id) = self.postings.get(charge).map(|posting| posting.customer_id.clone())
        {
            self.change_balance(&customer_id, -discount);
        }
    }

    fn change_balance(&mut self, customer_id: &str, change: i64) {
        match self.balances.get_mut(customer_id) {
            Some(balance) => *balance += change,
            None => {
                self.balances.insert(customer_id.to_owned(), change);
            }
        }
    }
}

impl Posting {
    const fn signed(&self) -> i64 {
        match self.side {
            Side::Charge => self.total,
            Side::Credit => -self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Link, Posting, Side};

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        let post = |side, total| Posting { customer_id: "anna".to_owned(), side, total };
        ledger.post("invoice", post(Side::Charge, 10_000));
        ledger.post("payment", post(Side::Credit, 12_000));
        ledger.link("payment", "invoice", Link { amount: 9_500, discount: 500 });
        ledger
    }

    #[test]
    fn money_and_discount_pay_a_charge() {
        let ledger = ledger();
        assert_eq!((ledger.open_amount("invoice"), ledger.unused_amount("payment")), (0, 2_500));
        assert_eq!(ledger.balance("anna"), 10_000 - 500 - 12_000);
    }

    #[test]
    fn a_document_that_moves_to_another_customer_takes_its_discount_along() {
        let mut ledger = ledger();
        ledger.post("invoice", Posting { customer_id: "bert".to_owned(), side: Side::Charge, total: 8_000 });
        assert_eq!((ledger.balance("anna"), ledger.balance("bert")), (-12_000, 7_500));
    }

    #[test]
    fn what_is_removed_leaves_nothing() {
        let mut ledger = ledger();
        ledger.remove("payment");
        assert_eq!((ledger.open_amount("invoice"), ledger.balance("anna")), (10_000, 10_000));
        ledger.remove("invoice");
        assert_eq!(ledger.balance("anna"), 0);
    }
}
