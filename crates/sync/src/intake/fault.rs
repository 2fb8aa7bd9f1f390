use serde::Serialize;

use super::EXTERNAL_ID_LENGTH_MAX;

/// The most faults that are told of one record; past them one more says so.
pub const FAULTS_MAX: usize = 1_000;

/// One thing that is wrong with what was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where, as an RFC 6901 JSON pointer. For a member that is missing: where it should stand.
    pub pointer: String,
    /// Stable and machine-readable.
    pub code: &'static str,
    /// What is wrong and what to do, in a plain sentence.
    pub message: String,
}

/// Everything that is wrong with what was handed over: never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
#[error("the record has {} {}", .0.len(), if .0.len() == 1 { "fault" } else { "faults" })]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }

    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

/// The faults found so far.
#[derive(Default)]
pub(super) struct Found(Vec<Fault>);

impl Found {
    pub(super) fn add(&mut self, pointer: impl Into<String>, code: &'static str, message: impl Into<String>) {
        if self.0.len() < FAULTS_MAX {
            self.0.push(Fault { pointer: pointer.into(), code, message: message.into() });
        } else if self.0.len() == FAULTS_MAX {
            self.0.push(Fault {
                pointer: String::new(),
                code: "more_faults",
                message: format!(
                    "There are more than these {FAULTS_MAX} faults. Correct them and send the record again."
                ),
            });
        }
    }

    /// Whether more faults would not be told.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() > FAULTS_MAX
    }

    /// What was read, if nothing was wrong with it. A reader that gives nothing has told why.
    pub(super) fn unless_any<T>(mut self, read: Option<T>) -> Result<T, Faults> {
        match read {
            Some(read) if self.0.is_empty() => Ok(read),
            Some(_) => Err(Faults(self.0)),
            None => {
                if self.0.is_empty() {
                    self.add("", "unreadable", "The record cannot be read.");
                }
                Err(Faults(self.0))
            }
        }
    }
}

/// What is wrong with an id of the application's, if anything is.
pub(super) fn external_id_problem(text: &str) -> Option<(&'static str, String)> {
    if text.trim().is_empty() {
        return Some(("blank", "This id is empty. Send the id by which your application knows it.".to_owned()));
    }
    let length = text.chars().count();
    if length > EXTERNAL_ID_LENGTH_MAX {
        return Some((
            "too_long",
            format!("This id has {length} characters. Send one of at most {EXTERNAL_ID_LENGTH_MAX}."),
        ));
    }
    if text != text.trim() {
        return Some(("surrounding_blanks", "This id begins or ends with a blank. Send it without.".to_owned()));
    }
    text.chars().find(|&character| character != ' ' && !is_visible(character)).map(|character| {
        let code_point = u32::from(character);
        ("invisible_character", format!("This id holds the invisible character U+{code_point:04X}. Send it without."))
    })
}

fn is_visible(character: char) -> bool {
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !character.is_control() && !character.is_whitespace() && !is_format
}
