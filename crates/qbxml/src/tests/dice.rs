use proptest::prelude::*;

/// What samples are drawn from. After its last roll it only rolls zeros, which make the smallest sample; so a failing case
/// shrinks by losing rolls.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
    rolls_left: u32,
}

impl Dice {
    pub(crate) fn strategy() -> impl Strategy<Value = Self> {
        (any::<u64>(), 0..800_u32).prop_map(|(state, rolls_left)| Self { state, rolls_left })
    }

    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        (self.number() % i64::from(bound)) as u32
    }

    /// Any number that is not negative.
    pub(crate) fn number(&mut self) -> i64 {
        if self.rolls_left == 0 {
            return 0;
        }
        self.rolls_left -= 1;
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 1) as i64
    }

    /// Grants a few more rolls to a sample that cannot be the smallest.
    pub(crate) fn roll_on(&mut self) {
        self.rolls_left += 8;
    }

    pub(crate) fn chance(&mut self) -> bool {
        self.below(5) > 2
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u32) as usize]
    }

    /// At least one character; now and then as long as may be.
    pub(crate) fn text(&mut self, alphabet: &str, length_max: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let length_max = length_max.min(5000) as u32;
        let length = match self.below(8) {
            7 => length_max,
            _ => 1 + self.below(length_max.min(12)),
        };
        let (first, step) = (self.below(100) as usize, 1 + self.below(7) as usize);
        (0..length as usize).map(|index| alphabet[(first + index * step) % alphabet.len()]).collect()
    }
}
