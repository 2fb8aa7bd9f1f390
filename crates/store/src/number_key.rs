//! The order of document numbers: 999 comes before 1000, and INV-9 before INV-10.

/// How many digits compare as a number; no longer one is told apart from its neighbours by length.
const DIGITS: usize = 12;

/// The number in lower case, with leading zeros before every group of digits.
pub(crate) fn number_key(number: &str) -> String {
    let mut key = String::with_capacity(number.len() + DIGITS);
    let mut digits = String::new();
    for character in number.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_digit() {
            digits.push(character);
        } else {
            close_group(&mut key, &mut digits);
            key.push(character);
        }
    }
    close_group(&mut key, &mut digits);
    key
}

fn close_group(key: &mut String, digits: &mut String) {
    if !digits.is_empty() {
        let significant = digits.trim_start_matches('0');
        key.extend(std::iter::repeat_n('0', DIGITS.saturating_sub(significant.len())));
        key.push_str(significant);
        digits.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::number_key;

    #[test]
    fn numbers_come_in_the_order_in_which_they_are_counted() {
        let mut numbers = ["INV-10", "1000", "inv-9", "0999", "INV-10-2", "C99", "", "1000a", "INV-10-11"];
        numbers.sort_by_key(|number| number_key(number));
        assert_eq!(numbers, ["", "0999", "1000", "1000a", "C99", "inv-9", "INV-10", "INV-10-2", "INV-10-11"]);
    }
}
