//! Finding the few records that a filter means, by its text, customer or amount, before anything else is asked of them.
//!
//! For text each database has an index of the groups of three characters that a text consists of. Two marks stand before every word,
//! so that one or two characters make such a group too; so short a text is found where a word or number begins with it.

use std::collections::BTreeSet;

use bookferry_sync::id::CompanyId;
use serde::Serialize;

use crate::database::{Value, values};
use crate::error::Result;
use crate::filter::RecordFilter;
use crate::lists::escape_like;
use crate::statement::statements;
use crate::store::Store;

/// Before each word; no text of a record contains it, since QuickBooks takes no control characters.
const MARK: char = '\u{2}';
/// How long a text must be to be found within words.
const GROUP_CHARACTERS: usize = 3;
/// With more records than this it is quicker to walk the grid's order until a page is full than to sort what was found.
const FEW: u32 = 2_000;
/// Of no more than this, SQLite's index of texts names all before a page is walked for them.
const SEVERAL: u32 = 20_000;

/// What an index of its own says of a filter's rarest part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// These records, by their order of arrival, and no others can be admitted.
    Few(Vec<FoundRecord>),
    /// None but those that [`Sql::among`](crate::filter::Sql::among) admits.
    Several(Groups),
    /// More than it pays to name.
    Many,
}

/// Groups of three characters that a text consists of, as SQLite's index is asked for them. Whatever contains the text has
/// them all, and so may something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Groups(pub(crate) String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct FoundRecord {
    seq: i64,
}

statements! {
    /// SQLite is asked for $4, the groups of the text; by LIKE or GLOB its index would look for more of them than are needed.
    /// On PostgreSQL what is rare is found by an index, and what is common by looking at any records.
    FIND_TEXT = each("record_search.find",
        "SELECT s.rowid AS seq FROM record_search AS s CROSS JOIN record AS r
         WHERE s.record_search MATCH $4 AND r.seq = s.rowid AND r.company_id = $1 AND r.search LIKE $2 ESCAPE '!' LIMIT $3",
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
        let text = filter.text.as_deref().filter(|text| !text.is_empty());
        let groups = text.filter(|_| self.database.is_sqlite()).map(Groups::of);
        let rows = if let Some(text) = text {
            let mut values = values![company, like(text), limit];
            values.extend(groups.iter().map(|groups| Value::from(&groups.0)));
            self.database.rows_planned_for_values(&FIND_TEXT, values).await?
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
            return match groups {
                Some(groups) if self.is_several(&groups).await? => Ok(Found::Several(groups)),
                Some(_) | None => Ok(Found::Many),
            };
        }
        rows.iter().map(|row| Ok(FoundRecord { seq: row.integer("seq")? })).collect::<Result<_>>().map(Found::Few)
    }

    async fn is_several(&self, groups: &Groups) -> Result<bool> {
        let sql =
            "SELECT COUNT(*) AS candidates FROM (SELECT 1 FROM record_search WHERE record_search MATCH $1 LIMIT $2)";
        let values = values![&groups.0, i64::from(SEVERAL) + 1];
        let rows = self.database.rows_of("record_search.candidates", sql, values).await?;
        rows.first().map_or(Ok(false), |row| Ok(row.count("candidates")? <= u64::from(SEVERAL)))
    }
}

impl Groups {
    /// As few as cover the text: where each group is common, every further one costs as much as the whole search.
    fn of(text: &str) -> Self {
        let sought: Vec<char> = sought(text).chars().collect();
        let ends = sought.len().checked_sub(GROUP_CHARACTERS).and_then(|last| sought.get(last..));
        let groups = sought.chunks_exact(GROUP_CHARACTERS).chain(ends);
        let quoted = groups.map(|group| format!("\"{}\"", group.iter().collect::<String>().replace('"', "\"\"")));
        Self(quoted.collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>().join(" AND "))
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
    format!("%{}%", escape_like(&sought(text)))
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
    use super::{Groups, MARK, like, searchable};

    #[test]
    fn words_are_marked_and_short_texts_are_sought_at_their_beginning() {
        let text = searchable(["1042", "Müller Auto & Glass", "inv-1"]).replace(MARK, "|");
        assert_eq!(text, " ||1042\n||müller ||auto ||& ||glass\n||inv||-||1");
        let patterns = ["Müller", "r Au", "7", "42", "50%", "a\"x"]
            .map(|text| format!("{} {}", like(text), Groups::of(text).0).replace(MARK, "|"));
        assert_eq!(
            patterns,
            [
                r#"%müller% "ler" AND "mül""#,
                r#"%r ||au% "|au" AND "r |""#,
                r#"%||7% "||7""#,
                r#"%|42% "|42""#,
                r#"%50||!%% "||%" AND "50|""#,
                r#"%a||"||x% "||x" AND """||" AND "a||""#,
            ]
        );
    }
}
