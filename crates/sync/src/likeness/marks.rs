//! By what the entries of a long list are found that may be like a name, without a look at all of them.

use std::collections::BTreeSet;

use super::Written;

/// Of longer names the first words alone are marked.
const WORDS_MAX: usize = 8;
/// Of the words that are paired.
const PAIRED_MAX: usize = 5;
/// How much of a word's beginning is a mark.
const BEGINNING: usize = 4;

/// The marks of a name. Names that are alike have one in common, nearly always: the whole of it or of its last part, a word,
/// two words in whatever order, how a word begins, or what is left of it without its vowels.
pub fn marks(name: &str) -> BTreeSet<String> {
    let written = Written::of(name);
    let mut marks = BTreeSet::new();
    if written.letters.is_empty() {
        return marks;
    }
    for whole in [&written.letters, &written.last_part] {
        marks.insert(format!("={}", whole.iter().collect::<String>()));
    }
    let words: Vec<&str> = written.words.iter().map(String::as_str).take(WORDS_MAX).collect();
    for word in &words {
        marks.insert(format!("w{word}"));
        if word.chars().all(char::is_alphabetic) {
            let beginning: String = word.chars().take(BEGINNING).collect();
            marks.insert(format!("b{beginning}"));
            marks.insert(format!("c{}", consonants(word)));
        }
    }
    for (place, one) in words.iter().enumerate().take(PAIRED_MAX) {
        marks.extend(words.iter().take(PAIRED_MAX).skip(place + 1).map(|other| format!("p{one} {other}")));
    }
    marks
}

/// A word without its vowels but for the first letter, and without letters that are written twice: a letter that is left out,
/// doubled or exchanged is a vowel more often than not.
fn consonants(word: &str) -> String {
    let mut left = String::new();
    for letter in word.chars() {
        let is_vowel = matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        if left.is_empty() || (!is_vowel && !left.ends_with(letter)) {
            left.push(letter);
        }
    }
    left
}
