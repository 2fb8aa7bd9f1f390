use bookferry_xml::{Start, Writer};

use super::transliterate::first_unstorable;
use crate::element::{Element, ReadError, Source};

/// Why a text does not fit its field. Lengths are in characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("{field} has {length} characters, QuickBooks takes at most {length_max}")]
    TooLong { field: &'static str, length: usize, length_max: usize },
    #[error("{field} holds {character:?}, which QuickBooks cannot store")]
    Character { field: &'static str, character: char },
    #[error("{field} holds a line break or a tab, and is a single line in QuickBooks")]
    LineBreak { field: &'static str },
    #[error("{field} is a name and is empty")]
    Empty { field: &'static str },
    #[error("{field} holds a colon, which QuickBooks keeps for sub-entries")]
    Colon { field: &'static str },
    #[error("{field} begins or ends with a blank, which QuickBooks would not keep")]
    OuterBlank { field: &'static str },
    #[error("{field} is not of the form that QuickBooks takes")]
    Form { field: &'static str },
}

/// Declares a kind of text by the check that its characters must pass.
macro_rules! text {
    ($(#[$meta:meta])* $name:ident, $check:path, $alphabet:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name<const MAX: usize>(String);

        impl<const MAX: usize> $name<MAX> {
            pub const LENGTH_MAX: usize = MAX;

            /// `field` is the element's name, for the error.
            pub fn new(field: &'static str, text: impl Into<String>) -> Result<Self, TextError> {
                let text = text.into();
                $check(field, &text)?;
                let length = text.chars().count();
                if length > MAX {
                    return Err(TextError::TooLong { field, length, length_max: MAX });
                }
                Ok(Self(text))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl<const MAX: usize> AsRef<str> for $name<MAX> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> std::fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<const MAX: usize> Element for $name<MAX> {
            fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
                let text = source.reader.text()?;
                check_length(&text, MAX, start, source)?;
                Ok(Self(text))
            }

            fn write(&self, name: &str, out: &mut Writer) {
                out.element(name, &self.0);
            }

            #[cfg(test)]
            fn sample(dice: &mut crate::tests::Dice) -> Self {
                Self(dice.text($alphabet, MAX))
            }
        }
    };
}

text!(
    /// Text of any number of lines that QuickBooks can hold: at most `MAX` characters, all of them within ISO-8859-1, and no
    /// control characters but tab and line feed (qbxml.md section 5).
    ///
    /// Nothing is cut and nothing replaced: what does not fit is an error. Who wants the nearest text that fits asks
    /// [`transliterate()`](crate::value::transliterate()) first, and can show what it changed. A text that was read from a
    /// message stands as it stood there.
    Text,
    check_characters,
    "aZ09 \n\t<&>\"'%:;,.-\u{a3}\u{fc}\u{df}\u{ff}\u{a0}"
);
text!(
    /// A [`Text`] of a single line: numbers, addresses and full names never hold line breaks (qbxml.md section 5).
    Line,
    check_line,
    "aZ09 <&>\"'%:;,.-\u{a3}\u{fc}\u{df}\u{ff}\u{a0}"
);
text!(
    /// The own name of an entry of a list: a [`Line`] with something in it, no colon, since that divides a full name into
    /// its ancestors, and no blanks around it, since QuickBooks would drop them (qbxml.md sections 5 and 7).
    Name,
    check_name,
    "aZ09<&>\"'%;,.-\u{a3}\u{fc}\u{df}\u{ff}"
);

impl<const MAX: usize> From<Name<MAX>> for Line<MAX> {
    fn from(name: Name<MAX>) -> Self {
        Self(name.0)
    }
}

impl<const MAX: usize> From<Line<MAX>> for Text<MAX> {
    fn from(line: Line<MAX>) -> Self {
        Self(line.0)
    }
}

pub(super) fn check_line(field: &'static str, text: &str) -> Result<(), TextError> {
    if text.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | b'\t')) {
        return Err(TextError::LineBreak { field });
    }
    check_characters(field, text)
}

fn check_characters(field: &'static str, text: &str) -> Result<(), TextError> {
    match first_unstorable(text) {
        Some(character) => Err(TextError::Character { field, character }),
        None => Ok(()),
    }
}

fn check_name(field: &'static str, text: &str) -> Result<(), TextError> {
    check_line(field, text)?;
    if text.trim().is_empty() {
        return Err(TextError::Empty { field });
    }
    if text.contains(':') {
        return Err(TextError::Colon { field });
    }
    if text.trim() != text {
        return Err(TextError::OuterBlank { field });
    }
    Ok(())
}

/// A strict source holds text to its length, as QuickBooks' own schema does; QuickBooks' answers stand as they are.
pub(super) fn check_length(
    text: &str,
    length_max: usize,
    start: &Start<'_>,
    source: &Source<'_>,
) -> Result<(), ReadError> {
    if source.is_strict() && text.len() > length_max && text.chars().count() > length_max {
        return Err(source.bad_value(start, &format!("longer than {length_max} characters")));
    }
    Ok(())
}
