//! What one revision of a record says otherwise than the one before, field by field.

use bookferry_sync::record::Content;
use serde_json::Value;

/// A field that differs; an empty text is a field that is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) field: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// In the order of the newer revision; what was left out comes last.
pub(super) fn differences(before: &Content, after: &Content) -> Vec<Difference> {
    let (before, after) = (fields(before), fields(after));
    let of = |fields: &[(String, String)], name: &str| {
        fields.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = before.iter().filter(|(name, _)| after.iter().all(|(known, _)| known != name));
    let all = after.iter().chain(gone).map(|(name, _)| Difference {
        field: name.clone(),
        before: of(&before, name),
        after: of(&after, name),
    });
    all.filter(|difference| difference.before != difference.after).collect()
}

fn fields(content: &Content) -> Vec<(String, String)> {
    let value = content.to_json().ok().and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(Value::Null);
    let mut fields = Vec::new();
    collect("", &value, &mut fields);
    fields
}

fn collect(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let member = member.replace('_', " ");
                collect(&if name.is_empty() { member } else { format!("{name}, {member}") }, value, fields);
            }
        }
        Value::Array(items) => {
            let one = name.strip_suffix('s').unwrap_or(name);
            for (index, value) in items.iter().enumerate() {
                collect(&format!("{one} {}", index + 1), value, fields);
            }
        }
        Value::String(text) => fields.push((capitalized(name), text.clone())),
        Value::Bool(is) => fields.push((capitalized(name), if *is { "yes" } else { "no" }.to_owned())),
        Value::Number(number) => fields.push((capitalized(name), number.to_string())),
        Value::Null => {}
    }
}

fn capitalized(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::differences;
    use bookferry_sync::record::{Content, RecordKind};

    #[test]
    fn what_changed_is_told_field_by_field() {
        let read = |lines: &str, more: &str| {
            let json = format!(
                r#"{{"number":"1042","date":"2026-11-02","customer":{{"name":"Müller"}},"lines":[{lines}],"total":"9.00"{more}}}"#
            );
            Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
        };
        let before = read(r#"{"item":"Glass","amount":"9.00","taxable":true}"#, r#","memo":"Fleet 12""#);
        let after = read(r#"{"item":"Glass","amount":"8.00","taxable":false},{"item":"Kit","amount":"1.00"}"#, "");
        let told = differences(&before, &after);
        let told: Vec<_> =
            told.iter().map(|change| format!("{}: {} → {}", change.field, change.before, change.after)).collect();
        assert_eq!(
            told,
            [
                "Line 1, amount: 9.00 → 8.00",
                "Line 1, taxable: yes → no",
                "Line 2, item:  → Kit",
                "Line 2, amount:  → 1.00",
                "Memo: Fleet 12 → "
            ]
        );
        assert_eq!(differences(&after, &after), []);
    }
}
