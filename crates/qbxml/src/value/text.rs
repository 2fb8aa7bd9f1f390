use bookferry_xml::{Start, Writer};

use crate::element::{Element, ReadError, Source};

/// Text that QuickBooks can hold: at most `MAX` characters, all of them within ISO-8859-1, and no control characters but
/// tab and line feed (qbxml.md section 5).
///
/// Nothing is cut and nothing replaced: what does not fit is an error. Who wants the nearest text that fits asks
/// [`transliterate`] first, and can show what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text<const MAX: usize>(String);

/// Why a text does not fit its field. Lengths are in characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("{field} has {length} characters, QuickBooks takes at most {length_max}")]
    TooLong { field: &'static str, length: usize, length_max: usize },
    #[error("{field} holds {character:?}, which QuickBooks cannot store")]
    Character { field: &'static str, character: char },
}

impl<const MAX: usize> Text<MAX> {
    pub const LENGTH_MAX: usize = MAX;

    /// `field` is the element's name, for the error.
    pub fn new(field: &'static str, text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        if let Some(character) = text.chars().find(|&character| !is_storable(character)) {
            return Err(TextError::Character { field, character });
        }
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

    /// Takes text out of a message: checked where the source is strict, as it stands where it is QuickBooks' own.
    pub(crate) fn read_from(text: &str, source: &Source<'_>) -> Result<Self, ReadError> {
        if source.is_strict() && text.chars().count() > MAX {
            return Err(source.bad_value(&format!("longer than {MAX} characters")));
        }
        Ok(Self(text.to_owned()))
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> Element for Text<MAX> {
    fn read(_start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        Self::read_from(&text, source)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.0);
    }
}

/// The nearest text that QuickBooks can store, and which characters had to give way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transliterated {
    pub text: String,
    /// Each character that was replaced and what stands for it, in order, without repetition.
    pub replaced: Vec<(char, &'static str)>,
}

/// Replaces what QuickBooks cannot store by its nearest spelling, by a fixed table (`docs/characters.md`).
///
/// Characters the table does not know, such as those of another script, become `?`, as they would in QuickBooks itself;
/// the caller sees each of them in `replaced` and can refuse instead.
pub fn transliterate(text: &str) -> Transliterated {
    let mut result = Transliterated { text: String::with_capacity(text.len()), replaced: Vec::new() };
    for character in text.chars() {
        if is_storable(character) {
            result.text.push(character);
            continue;
        }
        let replacement = crate::value::text::table::replacement(character);
        result.text.push_str(replacement);
        if !result.replaced.iter().any(|&(known, _)| known == character) {
            result.replaced.push((character, replacement));
        }
    }
    result
}

fn is_storable(character: char) -> bool {
    matches!(character, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{ff}')
}

#[path = "text_table.rs"]
mod table;
