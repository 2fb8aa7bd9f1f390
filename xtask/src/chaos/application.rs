//! The application's side of a run: what it handed over, and its account of what the server promised.

use std::collections::BTreeMap;

use anyhow::Result;
use bookferry_simulator::SplitMix64;
use serde_json::json;

use crate::chaos::api::{Api, Told};
use crate::chaos::shop::{self, Handed};

/// Knows what every answer of the server's promised. What was promised is never asked for again, so that a broken promise
/// cannot mend itself.
pub(crate) struct Application {
    random: SplitMix64,
    pairs: u32,
    records: BTreeMap<String, Entrusted>,
}

struct Entrusted {
    handed: Handed,
    word: Word,
    /// It is to be voided, or is.
    is_void: bool,
}

/// How far the server's word goes for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    None,
    Taken,
    Released,
    Voided,
}

impl Application {
    pub(crate) const fn new(random: SplitMix64) -> Self {
        Self { random, pairs: 0, records: BTreeMap::new() }
    }

    /// An invoice and its payment that nobody has sent yet.
    pub(crate) fn pair(&mut self) -> [Handed; 2] {
        self.pairs += 1;
        shop::pair(self.pairs, &mut self.random)
    }

    pub(crate) fn put(&mut self, api: &Api, handed: &Handed) -> Result<()> {
        self.entrust(handed);
        api.put(handed)?;
        self.promise(&handed.external_id, Word::Taken);
        Ok(())
    }

    pub(crate) fn put_pair(&mut self, api: &Api) -> Result<()> {
        let pair = self.pair();
        pair.iter().try_for_each(|handed| self.put(api, handed))
    }

    pub(crate) fn batch(&mut self, api: &Api, handed: &[Handed]) -> Result<()> {
        handed.iter().for_each(|handed| self.entrust(handed));
        api.batch(&shop::ndjson(handed))?;
        handed.iter().for_each(|handed| self.promise(&handed.external_id, Word::Taken));
        Ok(())
    }

    /// By another way than the API: they are entrusted before `carry`, and promised after it.
    pub(crate) fn carry(&mut self, handed: &[Handed], carry: impl FnOnce() -> Result<()>) -> Result<()> {
        handed.iter().for_each(|handed| self.entrust(handed));
        carry()?;
        handed.iter().for_each(|handed| self.promise(&handed.external_id, Word::Taken));
        Ok(())
    }

    /// Voids all of them; the payment for a void invoice would wait for ever.
    pub(crate) fn void(&mut self, api: &Api, handed: &[Handed]) -> Result<()> {
        for handed in handed {
            if let Some(record) = self.records.get_mut(&handed.external_id) {
                record.is_void = true;
            }
        }
        for handed in handed {
            api.void(handed)?;
            self.promise(&handed.external_id, Word::Voided);
        }
        Ok(())
    }

    /// Releases everything.
    pub(crate) fn release(&mut self, api: &Api) -> Result<()> {
        api.release_all()?;
        for record in self.records.values_mut().filter(|record| record.word == Word::Taken) {
            record.word = Word::Released;
        }
        Ok(())
    }

    /// Takes back what was released. Whatever comes of it, nothing is promised to be released any longer.
    pub(crate) fn take_back(&mut self, api: &Api) -> Result<()> {
        for record in self.records.values_mut().filter(|record| record.word == Word::Released) {
            record.word = Word::Taken;
        }
        api.move_records("unready", &json!({ "filter": {} }))
    }

    /// Sends again what was never answered.
    pub(crate) fn make_up(&mut self, api: &Api) -> Result<()> {
        let unanswered = |record: &&Entrusted| record.word == Word::None;
        let again: Vec<_> = self.records.values().filter(unanswered).map(|record| record.handed.clone()).collect();
        again.iter().try_for_each(|handed| self.put(api, handed))?;
        let unvoided = |record: &&Entrusted| record.is_void && record.word != Word::Voided;
        let again: Vec<_> = self.records.values().filter(unvoided).map(|record| record.handed.clone()).collect();
        self.void(api, &again)
    }

    /// What the server promised and does not keep, a sentence each.
    pub(crate) fn broken_promises(&self, told: &[Told]) -> Vec<String> {
        let status: BTreeMap<&str, &str> = told.iter().map(|told| (&*told.external_id, &*told.status)).collect();
        let broken = |(id, record): (&String, &Entrusted)| match (record.word, status.get(id.as_str()).copied()) {
            (Word::None, _) | (Word::Taken, Some(_)) | (Word::Voided, Some("excluded")) => None,
            (Word::Released, Some(status)) if !["unsent", "held_back", "excluded"].contains(&status) => None,
            (word, Some(status)) => Some(format!("{id}: it was promised to be {word:?}, and is {status}")),
            (_, None) => Some(format!("{id}: the server took it, and does not know it")),
        };
        self.records.iter().filter_map(broken).collect()
    }

    /// What must be in QuickBooks in the end, and what of `told` is about that.
    pub(crate) fn due(&self, told: Vec<Told>) -> (Vec<Handed>, Vec<Told>) {
        let is_void = |id: &str| self.records.get(id).is_some_and(|record| record.is_void);
        let handed = self.records.values().filter(|record| !record.is_void).map(|record| record.handed.clone());
        (handed.collect(), told.into_iter().filter(|told| !is_void(&told.external_id)).collect())
    }

    /// These are to be handed over; so far nobody has answered.
    pub(crate) fn intend(&mut self, handed: &[Handed]) {
        handed.iter().for_each(|handed| self.entrust(handed));
    }

    fn entrust(&mut self, handed: &Handed) {
        self.records.entry(handed.external_id.clone()).or_insert_with(|| Entrusted {
            handed: handed.clone(),
            word: Word::None,
            is_void: false,
        });
    }

    fn promise(&mut self, external_id: &str, word: Word) {
        if let Some(record) = self.records.get_mut(external_id) {
            record.word = record.word.max(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checker that cannot find a planted fault proves nothing.
    #[test]
    fn a_broken_promise_is_found() -> Result<()> {
        let mut application = Application::new(SplitMix64::new(3));
        let [invoice, _] = application.pair();
        application.carry(std::slice::from_ref(&invoice), || Ok(()))?;
        let told = |status: &str| Told {
            id: String::new(),
            external_id: invoice.external_id.clone(),
            status: status.to_owned(),
            txn_id: None,
            reason: String::new(),
        };
        assert_eq!(application.broken_promises(&[]).len(), 1);
        assert_eq!(application.broken_promises(&[told("unsent")]), Vec::<String>::new());
        application.records.values_mut().for_each(|record| record.word = Word::Released);
        assert_eq!(application.broken_promises(&[told("unsent")]).len(), 1);
        assert_eq!(application.broken_promises(&[told("sending")]), Vec::<String>::new());
        Ok(())
    }
}
