use std::borrow::Cow;

/// The nearest text that QuickBooks can store, and which characters had to give way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transliterated<'a> {
    /// The very text that was given where nothing had to give way.
    pub text: Cow<'a, str>,
    /// Each character that was replaced and what stands for it, in order, without repetition.
    pub replaced: Vec<(char, &'static str)>,
}

/// Replaces what QuickBooks cannot store by its nearest spelling, by a fixed table (`docs/characters.md`).
///
/// Characters the table does not know, such as those of another script, become `?`, as they would in QuickBooks itself;
/// the caller sees each of them in `replaced` and can refuse instead.
pub fn transliterate(text: &str) -> Transliterated<'_> {
    let mut replaced: Vec<(char, &'static str)> = Vec::new();
    if first_unstorable(text).is_none() {
        return Transliterated { text: Cow::Borrowed(text), replaced };
    }
    let mut stored = String::with_capacity(text.len());
    for character in text.chars() {
        if is_storable(character) {
            stored.push(character);
            continue;
        }
        let replacement = replacement(character);
        stored.push_str(replacement);
        if !replaced.iter().any(|&(known, _)| known == character) {
            replaced.push((character, replacement));
        }
    }
    Transliterated { text: Cow::Owned(stored), replaced }
}

/// The first character that QuickBooks cannot store.
pub(super) fn first_unstorable(text: &str) -> Option<char> {
    // Most texts are plain ASCII, which is told of many bytes at a time where none of them ends the search.
    let is_plain = |byte| matches!(byte, b'\t' | b'\n' | b' '..=b'~');
    if text.bytes().fold(true, |so_far, byte| so_far & is_plain(byte)) {
        return None;
    }
    text.chars().find(|&character| !is_storable(character))
}

fn is_storable(character: char) -> bool {
    matches!(character, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{ff}')
}

/// What stands for a character that QuickBooks cannot store; `?` where there is no good spelling.
fn replacement(character: char) -> &'static str {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' | '\u{2039}' | '\u{203a}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\u{2022}' => "\u{b7}",
        '\u{20ac}' => "EUR",
        '\u{2122}' => "(TM)",
        '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => " ",
        '\r' | '\u{200b}'..='\u{200f}' | '\u{feff}' => "",
        // Accents that stand as characters of their own, behind the letter that stays.
        '\u{300}'..='\u{36f}' => "",
        '\u{2028}' | '\u{2029}' => "\n",
        'Ā' | 'Ă' | 'Ą' => "A",
        'ā' | 'ă' | 'ą' => "a",
        'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ď' | 'Đ' => "D",
        'ď' | 'đ' => "d",
        'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'Ń' | 'Ņ' | 'Ň' => "N",
        'ń' | 'ņ' | 'ň' => "n",
        'Ō' | 'Ŏ' | 'Ő' => "O",
        'ō' | 'ŏ' | 'ő' => "o",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ẞ' => "SS",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Ŷ' | 'Ÿ' => "Y",
        'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        _ => "?",
    }
}
