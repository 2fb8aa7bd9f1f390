//! Text with columns in braces, such as `Customer {CustomerID}`.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

/// A value of a record: a template, and what stands where one of its columns is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) parts: Vec<Part>,
    pub(crate) default: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Column(String),
}

impl Value {
    /// `{{` and `}}` stand for the braces themselves.
    pub(crate) fn parse(template: &str, default: Option<String>) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut characters = template.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '{' | '}' if characters.next_if_eq(&character).is_some() => text.push(character),
                '{' => {
                    let column: String = characters.by_ref().take_while(|&next| next != '}').collect();
                    if column.trim().is_empty() || !template.contains(&format!("{{{column}}}")) {
                        return Err(format!("`{template}` opens a brace without a column name and a closing brace"));
                    }
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    parts.push(Part::Column(column.trim().to_owned()));
                }
                '}' => return Err(format!("`{template}` closes a brace that it never opened; write }}}} for a brace")),
                other => text.push(other),
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Self { parts, default })
    }
}

/// Either `"…"` or `{ text = "…", default = "…" }`.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongForm {
    text: String,
    default: Option<String>,
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("text such as \"{Column}\", or { text = \"{Column}\", default = \"…\" }")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        Value::parse(text, None).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        let long = LongForm::deserialize(MapAccessDeserializer::new(map))?;
        Value::parse(&long.text, long.default).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Value};

    #[test]
    fn columns_and_text_alternate() {
        let value = Value::parse("Customer {CustomerID} ({{{Country}}})", None).unwrap();
        assert_eq!(
            value.parts,
            [
                Part::Text("Customer ".to_owned()),
                Part::Column("CustomerID".to_owned()),
                Part::Text(" ({".to_owned()),
                Part::Column("Country".to_owned()),
                Part::Text("})".to_owned()),
            ]
        );
    }

    #[test]
    fn a_brace_that_is_not_closed_is_said() {
        assert!(Value::parse("{InvoiceNo", None).unwrap_err().contains("closing brace"));
        assert!(Value::parse("{}", None).is_err());
        assert!(Value::parse("No}", None).unwrap_err().contains("never opened"));
    }
}
