use crate::record::Line;

/// So many pairs of lines are compared at most; what is longer is written anew from the first difference on.
const COMPARED_MAX: usize = 1_000_000;

/// Where a line of the newest revision comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// The same as the line at this place; it is named and left as it is.
    Kept(usize),
    /// Stands in the place of that line, and is written anew.
    Rewritten(usize),
    New,
}

/// Pairs the lines of the newest revision with those that were sent. Lines that are named keep their order, which QuickBooks
/// asks for (3290, qbxml.md section 7).
///
/// What is equal stays, as much of it as has the same order on both sides; between two lines that stay, others take each
/// other's place from the first on.
pub(crate) fn pair(sent: &[Line], now: &[Line], is_rewritten: bool) -> Vec<Pairing> {
    let start =
        if is_rewritten { 0 } else { sent.iter().zip(now).take_while(|(before, after)| before == after).count() };
    let is_too_much = (sent.len() - start).saturating_mul(now.len() - start) > COMPARED_MAX;
    let is_rewritten = is_rewritten || is_too_much;
    let equal = |before: usize, after: usize| !is_rewritten && sent.get(before) == now.get(after);
    let lengths = common_lengths(start, sent.len(), now.len(), equal);
    let mut pairing: Vec<Pairing> = (0..start).map(Pairing::Kept).collect();
    let (mut before, mut after) = (start, start);
    let mut free: Vec<usize> = Vec::new();
    let mut waiting = 0;
    while before < sent.len() || after < now.len() {
        let at = |before: usize, after: usize| {
            lengths.get(before - start).and_then(|row| row.get(after - start)).copied().unwrap_or(0)
        };
        if before < sent.len() && after < now.len() && equal(before, after) {
            place(&mut pairing, &mut free, &mut waiting);
            pairing.push(Pairing::Kept(before));
            before += 1;
            after += 1;
        } else if after >= now.len() || (before < sent.len() && at(before + 1, after) >= at(before, after + 1)) {
            free.push(before);
            before += 1;
        } else {
            waiting += 1;
            after += 1;
        }
    }
    place(&mut pairing, &mut free, &mut waiting);
    pairing
}

/// Gives the waiting lines the places that became free, and makes new ones of the rest.
fn place(pairing: &mut Vec<Pairing>, free: &mut Vec<usize>, waiting: &mut usize) {
    let mut places = free.drain(..);
    for _ in 0..*waiting {
        pairing.push(places.next().map_or(Pairing::New, Pairing::Rewritten));
    }
    drop(places);
    *waiting = 0;
}

/// The length of the longest common subsequence of what follows each pair of places, from `start` on; nothing where no line
/// equals another, as the memory it takes is the product of both.
fn common_lengths(start: usize, before: usize, after: usize, equal: impl Fn(usize, usize) -> bool) -> Vec<Vec<u32>> {
    let (before, after) = (before - start, after - start);
    if before.saturating_mul(after) > COMPARED_MAX {
        return Vec::new();
    }
    let equal = |row: usize, column: usize| equal(row + start, column + start);
    let mut lengths = vec![vec![0_u32; after + 1]; before + 1];
    for row in (0..before).rev() {
        for column in (0..after).rev() {
            let at = |row: usize, column: usize| lengths.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0);
            let length = if equal(row, column) {
                at(row + 1, column + 1) + 1
            } else {
                at(row + 1, column).max(at(row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = length;
            }
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use bookferry_qbxml::value::Amount;
    use proptest::prelude::*;

    use super::*;

    fn lines(names: &str) -> Vec<Line> {
        let line = |letter: char| Line {
            item: Some(letter.to_string()),
            description: None,
            quantity: None,
            rate: None,
            amount: Amount::ZERO,
            taxable: None,
            class: None,
        };
        names.chars().map(line).collect()
    }

    fn paired(sent: &str, now: &str) -> String {
        let word = |pairing: &Pairing| match pairing {
            Pairing::Kept(place) => format!("={place}"),
            Pairing::Rewritten(place) => format!("~{place}"),
            Pairing::New => "+".to_owned(),
        };
        pair(&lines(sent), &lines(now), false).iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn equal_lines_stay_and_others_take_a_place_between_them() {
        assert_eq!(paired("abc", "abc"), "=0 =1 =2");
        assert_eq!(paired("abc", "axc"), "=0 ~1 =2");
        assert_eq!(paired("abc", "ac"), "=0 =2");
        assert_eq!(paired("abc", "abcd"), "=0 =1 =2 +");
        assert_eq!(paired("abc", "xabc"), "+ =0 =1 =2");
        assert_eq!(paired("ab", "xyz"), "~0 ~1 +");
        assert_eq!(paired("", "a"), "+");
        assert_eq!(paired("a", ""), "");
    }

    proptest! {
        #[test]
        fn every_line_is_placed_and_named_ones_keep_their_order(sent in "[a-d]{0,12}", now in "[a-d]{0,12}") {
            let pairing = pair(&lines(&sent), &lines(&now), false);
            prop_assert_eq!(pairing.len(), now.len());
            let named: Vec<usize> = pairing.iter().filter_map(|pairing| match pairing {
                Pairing::Kept(place) | Pairing::Rewritten(place) => Some(*place),
                Pairing::New => None,
            }).collect();
            prop_assert!(named.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", named);
            for (pairing, letter) in pairing.iter().zip(now.chars()) {
                if let Pairing::Kept(place) = pairing {
                    prop_assert_eq!(sent.chars().nth(*place), Some(letter));
                }
            }
        }
    }
}
