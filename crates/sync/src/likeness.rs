//! Which entries of a list a name may stand for: the most alike first.
//!
//! The names are compared without punctuation and accents: wholly, by their words, and letter by letter. Of a long list
//! only the entries that have pairs of letters in common with the name are looked at closely.

mod marks;

use std::collections::BTreeSet;

use bookferry_qbxml::value::transliterate;

pub use marks::marks;

use crate::list::{ListEntry, NameKey};

/// How alike two names are, from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness(u8);

impl Likeness {
    /// Names that only differ in how they are written.
    pub const SAME: Self = Self(100);
    /// Names that are the same but for how they are written, the order of their words, or what a job or sub-item stands below.
    pub const LIKELY: Self = Self(92);
    /// Below this a suggestion is of no use.
    pub const LEAST: Self = Self(60);

    pub const fn percent(self) -> u8 {
        self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion<'a> {
    pub entry: &'a ListEntry,
    pub likeness: Likeness,
}

/// The entries of a list, prepared for being compared with many names.
#[derive(Debug)]
pub struct Suggester<'a> {
    entries: Vec<(Written, &'a ListEntry)>,
}

/// The suggestion that may be confirmed with others at once: it is [`Likeness::LIKELY`], and no other is as like.
pub fn likely<'a>(suggestions: &[Suggestion<'a>]) -> Option<Suggestion<'a>> {
    let (first, others) = suggestions.split_first()?;
    let is_alone = others.iter().all(|other| other.likeness < first.likeness);
    (is_alone && first.likeness >= Likeness::LIKELY).then_some(*first)
}

/// How many entries are looked at closely for one name.
const CLOSE_LOOKS: usize = 60;

impl<'a> Suggester<'a> {
    /// Inactive entries are left out: nothing can be written for them.
    pub fn new(entries: &'a [ListEntry]) -> Self {
        let active = entries.iter().filter(|entry| entry.is_active);
        Self { entries: active.map(|entry| (Written::of(&entry.full_name), entry)).collect() }
    }

    /// The entries most like `name`, `most` of them at most, the likeliest first; those that are equally like it by name.
    pub fn suggest(&self, name: &str, most: usize) -> Vec<Suggestion<'a>> {
        let wanted = Written::of(name);
        if wanted.letters.is_empty() {
            return Vec::new();
        }
        let mut near: Vec<(u32, usize)> = Vec::new();
        for (place, (written, _)) in self.entries.iter().enumerate() {
            let shared = (wanted.pairs & written.pairs).count_ones();
            if shared > 0 {
                // Twice what both have, of what each has: long entries have much in common with everything.
                let all = wanted.pairs.count_ones() + written.pairs.count_ones();
                near.push((2_000 * shared / all, place));
            }
        }
        near.sort_unstable_by_key(|&(shared, place)| (std::cmp::Reverse(shared), place));
        near.truncate(CLOSE_LOOKS);
        let mut suggestions: Vec<Suggestion<'a>> = near
            .into_iter()
            .filter_map(|(_, place)| self.entries.get(place))
            .map(|(written, entry)| Suggestion { entry, likeness: wanted.likeness(written) })
            .filter(|suggestion| suggestion.likeness >= Likeness::LEAST)
            .collect();
        suggestions.sort_by(|a, b| {
            b.likeness
                .cmp(&a.likeness)
                .then_with(|| NameKey::of(&a.entry.full_name).cmp(&NameKey::of(&b.entry.full_name)))
        });
        suggestions.truncate(most);
        suggestions
    }
}

/// How alike two names are.
pub fn likeness(a: &str, b: &str) -> Likeness {
    Written::of(a).likeness(&Written::of(b))
}

/// A name as it is compared.
#[derive(Debug)]
struct Written {
    /// Letters and digits alone, in lower case.
    letters: Vec<char>,
    /// The same of the part below the last colon, which is what people call it.
    last_part: Vec<char>,
    words: BTreeSet<String>,
    /// Parts that differ in their number are different parts, however alike their names.
    digits: Vec<char>,
    /// Its pairs of letters, each as one of 128 bits.
    pairs: u128,
}

impl Written {
    fn of(name: &str) -> Self {
        let plain = unaccented(&transliterate(name).text).to_lowercase();
        let last_part = plain.rsplit(':').next().unwrap_or(&plain);
        let letters = letters(&plain);
        let words = plain.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let words = words.map(|word| word.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(word).to_owned());
        let pairs = letters.windows(2).fold(0, |pairs, pair| pairs | pair_bit(pair));
        // A name of one letter has no pair.
        let pairs = if letters.len() == 1 { pair_bit(&letters) } else { pairs };
        let digits = letters.iter().copied().filter(char::is_ascii_digit).collect();
        Self { last_part: self::letters(last_part), words: words.collect(), digits, pairs, letters }
    }

    fn likeness(&self, other: &Self) -> Likeness {
        if self.letters.is_empty() || other.letters.is_empty() {
            return Likeness(0);
        }
        if self.letters == other.letters {
            return Likeness::SAME;
        }
        // Nothing but the whole name is the same; that of a job or a sub-item comes next to it.
        if self.letters == other.last_part || self.last_part == other.letters {
            return Likeness(95);
        }
        let by_words = self.shared_words(other);
        let by_letters =
            alike_letters(&self.letters, &other.letters).max(alike_letters(&self.last_part, &other.last_part));
        let alike = by_words.max(by_letters.min(LETTERS_MOST));
        Likeness(percent(if self.digits == other.digits { alike } else { alike * OTHERWISE }))
    }

    /// The words both have, weighed by their length, of the words that either has. Where one has all the words of the other,
    /// as "Windshield FW02717" has "Windshield", that counts for more.
    fn shared_words(&self, other: &Self) -> f64 {
        let weight = |words: &mut dyn Iterator<Item = &String>| words.map(|word| word.chars().count()).sum::<usize>();
        let shared = weight(&mut self.words.intersection(&other.words));
        let all = weight(&mut self.words.union(&other.words));
        let fewer = weight(&mut self.words.iter()).min(weight(&mut other.words.iter()));
        if shared == 0 { 0.0 } else { 0.5 * ratio(shared, all) + 0.42 * ratio(shared, fewer) }
    }
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The Latin letters of Windows-1252 without their accents.
fn unaccented(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'à' | 'á' | 'â' | 'ã' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' => plain.push('a'),
            'ä' | 'æ' | 'Ä' | 'Æ' => plain.push_str("ae"),
            'ç' | 'Ç' => plain.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => plain.push('i'),
            'ñ' | 'Ñ' => plain.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ø' => plain.push('o'),
            'ö' | 'œ' | 'Ö' | 'Œ' => plain.push_str("oe"),
            'š' | 'Š' => plain.push('s'),
            'ß' => plain.push_str("ss"),
            'ù' | 'ú' | 'û' | 'Ù' | 'Ú' | 'Û' => plain.push('u'),
            'ü' | 'Ü' => plain.push_str("ue"),
            'ý' | 'ÿ' | 'Ý' | 'Ÿ' => plain.push('y'),
            'ž' | 'Ž' => plain.push('z'),
            '&' => plain.push_str(" and "),
            _ => plain.push(letter),
        }
    }
    plain
}

fn pair_bit(pair: &[char]) -> u128 {
    let hash = pair.iter().fold(5_381_u32, |hash, &letter| hash.wrapping_mul(31).wrapping_add(u32::from(letter)));
    1 << (hash.wrapping_mul(2_654_435_761) >> 25)
}

/// People of different names may differ in a letter: that alone makes nothing likely.
const LETTERS_MOST: f64 = 0.91;
/// What is left of a likeness between names that differ where it matters.
const OTHERWISE: f64 = 0.85;

/// A name that goes on after the other has ended is another.
fn alike_letters(a: &[char], b: &[char]) -> f64 {
    let is_as_long = 4 * a.len().min(b.len()) >= 3 * a.len().max(b.len());
    jaro_winkler(a, b) * if is_as_long { 1.0 } else { OTHERWISE }
}

/// Jaro's similarity, and Winkler's bonus for a common beginning; from 0 to 1.
fn jaro_winkler(a: &[char], b: &[char]) -> f64 {
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut is_taken = vec![false; b.len()];
    let mut matched_of_a = Vec::new();
    for (place, letter) in a.iter().enumerate() {
        let from = place.saturating_sub(reach);
        let within = b.iter().zip(&mut is_taken).skip(from).take(place + reach + 1 - from);
        if let Some((_, taken)) = within.into_iter().find(|(other, taken)| !**taken && *other == letter) {
            *taken = true;
            matched_of_a.push(letter);
        }
    }
    let matches = matched_of_a.len();
    if matches == 0 {
        return 0.0;
    }
    let matched_of_b = b.iter().zip(&is_taken).filter(|(_, taken)| **taken).map(|(letter, _)| letter);
    let displaced = matched_of_a.iter().zip(matched_of_b).filter(|(one, other)| **one != *other).count();
    let jaro = (ratio(matches, a.len()) + ratio(matches, b.len()) + ratio(2 * matches - displaced, 2 * matches)) / 3.0;
    let beginning = a.iter().zip(b).take(4).take_while(|(one, other)| one == other).count();
    jaro + ratio(beginning, 10) * (1.0 - jaro)
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
