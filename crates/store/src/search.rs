//! Finding the few records that a filter means, by its text, customer or amount, before anything else is asked of them.
//!
//! For text each database has an index of the groups of three characters that a text consists of. Two marks stand before every word,
//! so that one or two characters make such a group too; so short a text is found where a word or number begins with it.

use bookferry_sync::id::CompanyId;
use serde::Serialize;

use crate::database::values;
use crate::error::Result;
use crate::filter::RecordFilter;
use crate::statement::statements;
use crate::store::Store;

/// Before each word; no text of a record contains it, since QuickBooks takes no control characters.
const MARK: char = '\u{2}';
/// How long a text must be to be found within words.
const GROUP_CHARACTERS: usize = 3;
/// With more records than this it is quicker to walk the grid's order until a page is full than to sort what was found.
const FEW: u32 = 2_000;

/// What an index of its own says of a filter's rarest part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// These records, by their order of arrival, and no others can be admitted.
    Few(Vec<FoundRecord>),
    /// More than it pays to name.
    Many,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct FoundRecord {
    seq: i64,
}

statements! {
    /// GLOB since SQLite's index serves no LIKE with an escape character.
    FIND_TEXT = each("record_search.find",
        "SELECT s.rowid AS seq FROM record_search AS s CROSS JOIN record AS r
         WHERE s.search GLOB $2 AND r.seq = s.rowid AND r.company_id = $1 LIMIT $3",
        "SELECT k.seq FROM record_key AS k WHERE k.search LIKE $2 ESCAPE '!' AND k.company_id = $1 LIMIT $3");
    FIND_CUSTOMER = both("record.find_customer",
        "SELECT k.seq FROM record_key AS k
         WHERE k.company_id = $1 AND k.kind IN ('invoice', 'payment') AND k.customer = $2 LIMIT $3");
    FIND_AMOUNT = both("record.find_amount",
        "SELECT k.seq FROM record_key AS k
         WHERE k.company_id = $1 AND k.kind IN ('invoice', 'payment') AND k.amount_e5 >= $2 AND k.amount_e5 <= $3
         LIMIT $4");
}

impl Store {
    /// The records among which all are that the filter admits, by its text, customer or amount. The others of its parts
    /// are still to be asked for.
    pub(crate) async fn find(&self, company: CompanyId, filter: &RecordFilter) -> Result<Found> {
        let limit = i64::from(FEW) + 1;
        let rows = if let Some(text) = &filter.text {
            let pattern = if self.database.is_sqlite() { glob(text) } else { like(text) };
            self.database.rows(&FIND_TEXT, values![company, pattern, limit]).await?
        } else if let Some(customer) = &filter.customer {
            self.database.rows(&FIND_CUSTOMER, values![company, storable(customer), limit]).await?
        } else if filter.amount_min.is_some() || filter.amount_max.is_some() {
            let least = filter.amount_min.map_or(i64::MIN, |amount| amount.e5());
            let most = filter.amount_max.map_or(i64::MAX, |amount| amount.e5());
            self.database.rows(&FIND_AMOUNT, values![company, least, most, limit]).await?
        } else {
            return Ok(Found::Many);
        };
        if rows.len() > FEW as usize {
            return Ok(Found::Many);
        }
        rows.iter().map(|row| Ok(FoundRecord { seq: row.integer("seq")? })).collect::<Result<_>>().map(Found::Few)
    }
}

/// What is written down to be searched.
pub(crate) fn searchable(parts: [&str; 3]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push(if text.is_empty() { ' ' } else { '\n' });
        text.push_str(part);
    }
    marked(&text)
}

/// A pattern for LIKE with the escape character `!`.
pub(crate) fn like(text: &str) -> String {
    pattern('%', sought(text), |character, pattern| {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    })
}

fn glob(text: &str) -> String {
    pattern('*', sought(text), |character, pattern| {
        if matches!(character, '*' | '?' | '[') {
            pattern.extend(['[', character, ']']);
        } else {
            pattern.push(character);
        }
    })
}

fn pattern(any: char, sought: String, push: impl Fn(char, &mut String)) -> String {
    let mut pattern = String::from(any);
    for character in sought.chars() {
        push(character, &mut pattern);
    }
    pattern.push(any);
    pattern
}

fn sought(text: &str) -> String {
    let text = marked(&storable(text));
    let missing = GROUP_CHARACTERS.saturating_sub(text.chars().count());
    std::iter::repeat_n(MARK, if text.is_empty() { 0 } else { missing }).chain(text.chars()).collect()
}

/// In lower case, with marks before each word, number and sign.
fn marked(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() * 2);
    let mut before = None;
    for character in text.chars().flat_map(char::to_lowercase) {
        if before.is_some_and(|before| begins(before, character)) {
            marked.extend([MARK, MARK]);
        }
        before = Some(character);
        marked.push(character);
    }
    marked
}

fn begins(before: char, character: char) -> bool {
    let goes_on = before.is_alphanumeric() && character.is_alphanumeric();
    !goes_on && !character.is_whitespace()
}

/// No record contains U+0000, and PostgreSQL does not take it; what is searched for must not fail for it.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::{MARK, glob, like, searchable};

    #[test]
    fn words_are_marked_and_short_texts_are_sought_at_their_beginning() {
        let text = searchable(["1042", "Müller Auto & Glass", "inv-1"]).replace(MARK, "|");
        assert_eq!(text, " ||1042\n||müller ||auto ||& ||glass\n||inv||-||1");
        let patterns = ["Müller", "r Au", "7", "42", "50%", "a*[b]?"]
            .map(|text| format!("{} {}", like(text).replace(MARK, "|"), glob(text).replace(MARK, "|")));
        assert_eq!(
            patterns,
            [
                "%müller% *müller*",
                "%r ||au% *r ||au*",
                "%||7% *||7*",
                "%|42% *|42*",
                "%50||!%% *50||%*",
                "%a||*||[||b||]||?% *a||[*]||[[]||b||]||[?]*",
            ]
        );
    }
}
