/// The longest name that is compared; longer ones are no slip of the pen.
const LENGTH_MAX: usize = 40;

/// The name that was probably meant: the same letters written otherwise (`dueDate`, `Due-Date`), or nearly the same ones.
pub(super) fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = letters(name)?;
    let (distance, closest) =
        known.iter().filter_map(|&known| letters(known).map(|letters| (distance(&name, &letters), known))).min()?;
    (distance <= name.len().div_ceil(4).min(2)).then_some(closest)
}

fn letters(name: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = name
        .chars()
        .take(LENGTH_MAX + 1)
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    (!letters.is_empty() && letters.len() <= LENGTH_MAX).then_some(letters)
}

/// How many letters must be changed, added or left out.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut diagonal = row;
        let mut before = row + 1;
        let mut line = vec![before];
        for (other, &up) in right.iter().zip(above.iter().skip(1)) {
            let changed = diagonal + usize::from(letter != other);
            before = changed.min(before + 1).min(up + 1);
            diagonal = up;
            line.push(before);
        }
        above = line;
    }
    above.last().copied().unwrap_or(0)
}
