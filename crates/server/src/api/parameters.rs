//! The parameters of a list: every name is known, stands once, and has a value that can be used.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::problem::{PointedFault, Problem, Slug};

/// The parameters of an address, each with its name. What is wrong with them is collected and told at once.
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
    errors: Vec<PointedFault>,
}

impl Parameters {
    /// Tells of names that are not `known`, and of those that stand twice and are not in `repeatable`.
    pub(super) fn read(query: Option<&str>, known: &[&str], repeatable: &[&str]) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or("").as_bytes()).into_owned().collect();
        let mut parameters = Self { pairs, errors: Vec::new() };
        let mut seen = BTreeSet::new();
        let names: Vec<String> = parameters.pairs.iter().map(|(name, _)| name.clone()).collect();
        for name in names {
            if !known.contains(&name.as_str()) {
                let message = format!("There is no parameter {name:?} here, but: {}.", known.join(", "));
                parameters.fault(&name, "unknown_parameter", message);
            } else if !repeatable.contains(&name.as_str()) && !seen.insert(name.clone()) {
                parameters.fault(&name, "repeated_parameter", format!("The parameter {name:?} stands twice."));
            }
        }
        parameters
    }

    /// The text of a parameter; one that is empty counts as left out.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, value)| given == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// What a parameter's text means; `what` says what may stand there.
    pub(super) fn parse<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = self.text(name)?.to_owned();
        self.word(name, &text, what)
    }

    /// What all texts of a repeatable parameter mean; commas separate them too.
    pub(super) fn parse_all<T: FromStr>(&mut self, name: &str, what: &str) -> Vec<T> {
        let given = self.pairs.iter().filter(|(given, _)| given == name).flat_map(|(_, value)| value.split(','));
        let words: Vec<String> = given.map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.iter().filter_map(|word| self.word(name, word, what)).collect()
    }

    pub(super) fn fault(&mut self, name: &str, code: &str, message: String) {
        self.errors.push(PointedFault::in_parameter(name, code, message));
    }

    /// Refuses if anything was wrong.
    pub(super) fn finish(self) -> Result<(), Problem> {
        let Some(first) = self.errors.first() else { return Ok(()) };
        Err(Problem::new(Slug::InvalidParameter, first.message().to_owned()).errors(self.errors))
    }

    fn word<T: FromStr>(&mut self, name: &str, text: &str, what: &str) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            self.fault(name, "bad_value", format!("{text:?} is not {what}, which the parameter {name:?} takes."));
        }
        value
    }
}
