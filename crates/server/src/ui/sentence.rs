use std::fmt;

/// What a page says by itself, such as why a form was not taken: it begins with a capital letter and ends with a full stop,
/// however whoever found it wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence(String);

impl Sentence {
    pub(super) fn new(text: &str) -> Self {
        let mut characters = text.trim().chars();
        let mut sentence: String =
            characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect();
        let ends = |sentence: &str| sentence.ends_with(['.', '!', '?', '\u{2026}']);
        if !sentence.is_empty() && !ends(sentence.trim_end_matches(['\u{201d}', ')'])) {
            sentence.push('.');
        }
        Self(sentence)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Sentence;

    #[test]
    fn whatever_was_found_is_told_as_a_sentence() {
        for (found, told) in [
            ("choose what becomes of it", "Choose what becomes of it."),
            ("\u{e9}clair is no item.", "\u{c9}clair is no item."),
            ("Press \u{201c}Retry.\u{201d}", "Press \u{201c}Retry.\u{201d}"),
            ("up to 1.00, not \u{201c}a lot\u{201d}", "Up to 1.00, not \u{201c}a lot\u{201d}."),
            ("", ""),
        ] {
            assert_eq!(Sentence::new(found).to_string(), told);
        }
    }
}
