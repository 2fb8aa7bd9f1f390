use bookferry_xml::{Start, Writer};
use serde::{Deserialize, Serialize};

use super::text::{check_length, check_line};
use super::{Line, TextError};
use crate::element::{Element, ReadError, Source};

/// Declares an identifier that QuickBooks gives out: opaque, kept as it came.
macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident, $element:literal, $length_max:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub const LENGTH_MAX: usize = $length_max;

            pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
                Line::<$length_max>::new($element, text).map(|line| Self(line.into_string()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Element for $name {
            fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
                let text = source.reader.text()?;
                check_length(&text, $length_max, start, source)?;
                Ok(Self(text))
            }

            fn write(&self, name: &str, out: &mut Writer) {
                out.element(name, &self.0);
            }

            #[cfg(test)]
            fn sample(dice: &mut crate::tests::Dice) -> Self {
                Self(dice.text("0123456789ABCDEF-", $length_max))
            }
        }
    };
}

identifier!(
    /// Names an entry of a list, uniquely within that kind of list and company file (qbxml.md section 6).
    ListId, "ListID", 36
);
identifier!(
    /// Names a transaction, uniquely within the company file (qbxml.md section 6).
    TxnId, "TxnID", 36
);
identifier!(
    /// Names a line of a transaction.
    TxnLineId, "TxnLineID", 36
);
identifier!(
    /// The version of an entry or transaction; changes with each modification and compares only for equality.
    EditSequence, "EditSequence", 16
);

impl TxnLineId {
    /// Stands for a line that a Mod adds (qbxml.md section 7).
    pub fn new_line() -> Self {
        Self("-1".to_owned())
    }
}

/// GUIDTYPE: `0`, which stands for a company's custom fields, or a GUID in braces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Guid(String);

impl Guid {
    /// The owner of custom fields.
    pub fn custom_fields() -> Self {
        Self("0".to_owned())
    }

    /// `None` for a text of another form.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        has_guid_form(&text).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Element for Guid {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        if source.is_strict() && !has_guid_form(&text) {
            return Err(source.bad_value(start, "neither 0 nor a GUID in braces"));
        }
        Ok(Self(text))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.0);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        let guid = format!("{{{:08x}-0000-4ABC-8000-{:012X}}}", dice.below(u32::MAX), dice.below(u32::MAX));
        if dice.chance() { Self(guid) } else { Self::custom_fields() }
    }
}

fn has_guid_form(text: &str) -> bool {
    let Some(groups) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return text == "0";
    };
    let is_group =
        |(group, length): (&str, usize)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.split('-').count() == 5 && groups.split('-').zip([8, 4, 4, 4, 12]).all(is_group)
}

/// The name under which a request of a message set keeps the id that QuickBooks is about to give out, for later requests of
/// the same set (qbxml.md section 2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MacroName(String);

impl MacroName {
    /// For the id of a transaction: `TxnID:` and `name`, which is made of letters, digits, `-` and `_`.
    pub fn txn(name: &str) -> Result<Self, TextError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_plain) {
            return Err(TextError::Form { field: "defMacro" });
        }
        Ok(Self(format!("TxnID:{name}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn sample(dice: &mut crate::tests::Dice) -> Self {
        Self(format!("TxnID:{}", dice.text("abcXYZ019-_", 20)))
    }

    /// Takes the name out of the attribute of a message that was read.
    pub(super) fn read_from(start: &Start<'_>, attribute: &'static str) -> Option<Self> {
        start.attribute(attribute).filter(|name| check_line(attribute, name).is_ok()).map(Self)
    }
}

/// A transaction by its id, or by the macro that an earlier request of the same message set defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TxnIdOrMacro {
    Id(TxnId),
    Macro(MacroName),
}

impl Element for TxnIdOrMacro {
    const ATTRIBUTE: Option<&'static str> = Some("useMacro");

    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let id = TxnId::read(start, source)?;
        Ok(MacroName::read_from(start, "useMacro").map_or(Self::Id(id), Self::Macro))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        match self {
            Self::Id(id) => id.write(name, out),
            Self::Macro(macro_name) => {
                out.start(name);
                out.attribute("useMacro", macro_name.as_str());
                out.end(name);
            }
        }
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        if dice.chance() { Self::Macro(MacroName::sample(dice)) } else { Self::Id(TxnId::sample(dice)) }
    }
}

impl From<TxnId> for TxnIdOrMacro {
    fn from(id: TxnId) -> Self {
        Self::Id(id)
    }
}
