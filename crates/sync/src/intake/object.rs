use std::str::FromStr;

use bookferry_qbxml::value::DecimalError;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::TEXT_LENGTH_MAX;
use super::closest::closest;
use super::fault::{Found, external_id_problem};

/// The most characters of something sent that a message repeats.
const QUOTE_LENGTH_MAX: usize = 60;

/// A JSON object of known members, and where it stands.
pub(super) struct Object<'v> {
    members: &'v Map<String, Value>,
    pointer: String,
}

/// A member that need not be there.
pub(super) enum Given<T> {
    Absent,
    /// It is there, and why it cannot be used has been told.
    Faulty,
    Is(T),
}

impl<T> Given<T> {
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Faulty => None,
        }
    }

    pub(super) fn is_faulty(&self) -> bool {
        matches!(self, Self::Faulty)
    }

    /// `to` gives nothing where it has told a fault.
    pub(super) fn and_then<U>(self, to: impl FnOnce(T) -> Option<U>) -> Given<U> {
        match self {
            Self::Is(value) => to(value).map_or(Given::Faulty, Given::Is),
            Self::Absent => Given::Absent,
            Self::Faulty => Given::Faulty,
        }
    }
}

impl<'v> Object<'v> {
    /// Tells of every member that is not in `known`.
    pub(super) fn read(value: &'v Value, pointer: String, known: &[&str], found: &mut Found) -> Option<Self> {
        let Value::Object(members) = value else {
            found.add(pointer, "wrong_type", format!("This must be an object, not {}.", kind_of(value)));
            return None;
        };
        let object = Self { members, pointer };
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let hint = closest(name, known)
                .map_or_else(|| "Leave it out.".to_owned(), |closest| format!("Did you mean {closest:?}?"));
            found.add(object.at(name), "unknown_field", format!("There is no field {} here. {hint}", quote(name)));
            if found.is_full() {
                // Comparing a million strange names would take seconds and tell nothing more.
                break;
            }
        }
        Some(object)
    }

    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The pointer of a member.
    pub(super) fn at(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'v Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Tells that the member is missing, if it is. `what` says what to send.
    pub(super) fn required<T>(&self, name: &str, given: Given<T>, what: &str, found: &mut Found) -> Option<T> {
        if matches!(given, Given::Absent) {
            found.add(self.at(name), "missing", format!("The field {name:?} is missing. Send {what}."));
        }
        given.value()
    }

    /// A text that must be there and say something.
    pub(super) fn required_text(&self, name: &str, what: &str, found: &mut Found) -> Option<String> {
        let text = self.required(name, self.any_text(name, found), what, found)?;
        if text.trim().is_empty() {
            found.add(self.at(name), "blank", format!("The field {name:?} is empty. Send {what}."));
            return None;
        }
        Some(text)
    }

    /// An optional text; one that is empty or blank counts as left out.
    pub(super) fn text(&self, name: &str, found: &mut Found) -> Option<String> {
        self.any_text(name, found).value().filter(|text| !text.trim().is_empty())
    }

    /// An optional id of the application's.
    pub(super) fn external_id(&self, name: &str, found: &mut Found) -> Given<String> {
        self.string(name, found).and_then(|text| match external_id_problem(text) {
            None => Some(text.to_owned()),
            Some((code, message)) => {
                found.add(self.at(name), code, message);
                None
            }
        })
    }

    pub(super) fn boolean(&self, name: &str, found: &mut Found) -> Option<bool> {
        let value = self.get(name)?;
        if !value.is_boolean() {
            let message = format!("This must be true or false, without quotes, not {}.", kind_of(value));
            found.add(self.at(name), "wrong_type", message);
        }
        value.as_bool()
    }

    pub(super) fn decimal<T: FromStr<Err = DecimalError>>(&self, name: &str, found: &mut Found) -> Given<T> {
        if self.get(name).is_some_and(Value::is_number) {
            let message =
                "Send this number as a string, like \"250.00\": as a JSON number it may lose digits on its way.";
            found.add(self.at(name), "decimal_as_number", message);
            return Given::Faulty;
        }
        self.string(name, found).and_then(|text| {
            let (code, message) = match text.parse() {
                Ok(value) => return Some(value),
                Err(DecimalError::Form) => (
                    "not_a_decimal",
                    format!("{} is no decimal number. Send digits and a point only, like \"1250.00\".", quote(text)),
                ),
                Err(DecimalError::Places(places)) => (
                    "too_many_decimals",
                    format!("{} has more than {places} decimal places. Round it to {places}.", quote(text)),
                ),
                Err(DecimalError::Range) => {
                    ("out_of_range", format!("{} is larger than QuickBooks can hold.", quote(text)))
                }
            };
            found.add(self.at(name), code, message);
            None
        })
    }

    /// A day, as ISO 8601 writes it: `yyyy-mm-dd`.
    pub(super) fn date(&self, name: &str, found: &mut Found) -> Given<Date> {
        self.string(name, found).and_then(|text| {
            let date = has_form(text, "dddd-dd-dd").then(|| text.parse().ok()).flatten();
            if date.is_none() {
                let message = format!("{} is no date. Send year, month and day, like \"2026-11-02\".", quote(text));
                found.add(self.at(name), "not_a_date", message);
            }
            date
        })
    }

    /// An instant, as RFC 3339 writes it: with seconds and an offset.
    pub(super) fn timestamp(&self, name: &str, found: &mut Found) -> Given<Timestamp> {
        self.string(name, found).and_then(|text| {
            let timestamp = is_rfc_3339(text).then(|| text.parse().ok()).flatten();
            if timestamp.is_none() {
                let message = format!("{} is no RFC 3339 time. Send one like \"2026-11-02T15:04:05Z\".", quote(text));
                found.add(self.at(name), "not_a_time", message);
            }
            timestamp
        })
    }

    /// The elements of an array and their pointers; an array of more than `length_max` is told of and not looked into.
    pub(super) fn array(
        &self,
        name: &str,
        length_max: usize,
        what: &str,
        found: &mut Found,
    ) -> Given<impl Iterator<Item = (String, &'v Value)> + use<'v>> {
        match self.get(name) {
            None => Given::Absent,
            Some(Value::Array(elements)) if elements.len() > length_max => {
                let message = format!("These are {} {what}. Send at most {length_max}.", elements.len());
                found.add(self.at(name), "too_many", message);
                Given::Faulty
            }
            Some(Value::Array(elements)) => {
                let pointer = self.at(name);
                Given::Is(elements.iter().enumerate().map(move |(at, element)| (format!("{pointer}/{at}"), element)))
            }
            Some(other) => {
                found.add(self.at(name), "wrong_type", format!("This must be an array, not {}.", kind_of(other)));
                Given::Faulty
            }
        }
    }

    pub(super) fn string(&self, name: &str, found: &mut Found) -> Given<&'v str> {
        match self.get(name) {
            None => Given::Absent,
            Some(Value::String(text)) => Given::Is(text),
            Some(other) => {
                let message = format!("This must be a string, in quotes, not {}.", kind_of(other));
                found.add(self.at(name), "wrong_type", message);
                Given::Faulty
            }
        }
    }

    fn any_text(&self, name: &str, found: &mut Found) -> Given<String> {
        self.string(name, found).and_then(|text| {
            let length = text.chars().count();
            if length > TEXT_LENGTH_MAX {
                let message = format!("This text has {length} characters. Send at most {TEXT_LENGTH_MAX}.");
                found.add(self.at(name), "too_long", message);
                return None;
            }
            let is_refused = |&character: &char| character.is_control() && !matches!(character, '\t' | '\n' | '\r');
            if let Some(character) = text.chars().find(is_refused) {
                let code_point = u32::from(character);
                let message = format!("This text holds the control character U+{code_point:04X}. Send it without.");
                found.add(self.at(name), "control_character", message);
                return None;
            }
            Some(text.to_owned())
        })
    }
}

/// A part of what was sent, in quotes, for a message.
pub(super) fn quote(text: &str) -> String {
    if text.chars().count() <= QUOTE_LENGTH_MAX {
        return format!("{text:?}");
    }
    let beginning: String = text.chars().take(QUOTE_LENGTH_MAX).collect();
    format!("{beginning:?}…")
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// jiff reads more forms of ISO 8601 than the contract admits.
fn is_rfc_3339(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked("dddd-dd-ddTdd:dd:dd".len()) else { return false };
    let offset =
        rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    has_form(clock, "dddd-dd-ddTdd:dd:dd")
        && (offset == "Z" || has_form(offset, "+dd:dd") || has_form(offset, "-dd:dd"))
}

/// Whether `text` is `form`, in which `d` stands for any digit.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| if form == b'd' { byte.is_ascii_digit() } else { byte == form })
}
