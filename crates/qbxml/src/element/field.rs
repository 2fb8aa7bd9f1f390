use bookferry_xml::{Start, Writer};

use super::{Element, Lacks, ReadError, Source};

/// A field of an aggregate: an element that must stand there, may (`Option`), may repeat (`Vec`), must stand there and may
/// repeat ([`OneOrMore`]), or a part or choice that stands for several elements.
pub trait Field: Sized {
    /// What has been read of it so far.
    type Slot: Default;

    /// What to call it when it is missing; `name` is its name in the table.
    fn names(name: &'static str) -> &'static str {
        name
    }

    /// Where `element` stands within the field, if it belongs to it. Fields within this one are a [`SCALE_STEP`]th of
    /// `scale` apart.
    fn position(name: &str, element: &str, scale: u32) -> Option<u32>;
    fn read_into(slot: &mut Self::Slot, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError>;
    fn finish(slot: Self::Slot, name: &'static str) -> Result<Self, Lacks>;
    fn write(&self, name: &str, out: &mut Writer);

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self;
}

/// The distance between an aggregate's fields; each nested part divides it by [`SCALE_STEP`].
pub const SCALE: u32 = SCALE_STEP * SCALE_STEP * SCALE_STEP;

/// The most fields that a part or choice may have.
pub const SCALE_STEP: u32 = 64;

impl<T: Element> Field for T {
    type Slot = Option<T>;

    fn position(name: &str, element: &str, _scale: u32) -> Option<u32> {
        (name == element).then_some(0)
    }

    fn read_into(slot: &mut Option<T>, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError> {
        if slot.is_some() {
            return source.unknown(start);
        }
        *slot = Some(source.element(start)?);
        Ok(())
    }

    fn finish(slot: Option<T>, name: &'static str) -> Result<Self, Lacks> {
        slot.ok_or(Lacks(name))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        Element::write(self, name, out);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        Element::sample(dice)
    }
}

impl<T: Element> Field for Option<T> {
    type Slot = Option<T>;

    fn position(name: &str, element: &str, _scale: u32) -> Option<u32> {
        (name == element).then_some(0)
    }

    fn read_into(slot: &mut Option<T>, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError> {
        if slot.is_some() {
            return source.unknown(start);
        }
        *slot = source.element_unless_blank(start)?;
        Ok(())
    }

    fn finish(slot: Option<T>, _name: &'static str) -> Result<Self, Lacks> {
        Ok(slot)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        if let Some(value) = self {
            value.write(name, out);
        }
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        dice.chance().then(|| T::sample(dice))
    }
}

impl<T: Element> Field for Vec<T> {
    type Slot = Vec<T>;

    fn position(name: &str, element: &str, _scale: u32) -> Option<u32> {
        (name == element).then_some(0)
    }

    fn read_into(slot: &mut Vec<T>, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError> {
        slot.push(source.element(start)?);
        Ok(())
    }

    fn finish(slot: Vec<T>, _name: &'static str) -> Result<Self, Lacks> {
        Ok(slot)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        for value in self {
            value.write(name, out);
        }
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        (0..dice.below(3)).map(|_| T::sample(dice)).collect()
    }
}

/// A list that the schema does not let be empty. An empty one would often mean the opposite of what was meant: a query by
/// no names at all asks for the whole list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMore<T>(Vec<T>);

impl<T> OneOrMore<T> {
    pub fn one(value: T) -> Self {
        Self(vec![value])
    }

    /// `None` if there is nothing in it.
    pub fn new(values: Vec<T>) -> Option<Self> {
        (!values.is_empty()).then_some(Self(values))
    }

    pub fn push(&mut self, value: T) {
        self.0.push(value);
    }

    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> std::ops::Deref for OneOrMore<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for OneOrMore<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a OneOrMore<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T> Field for OneOrMore<T>
where
    Vec<T>: Field,
{
    type Slot = <Vec<T> as Field>::Slot;

    fn names(name: &'static str) -> &'static str {
        <Vec<T> as Field>::names(name)
    }

    fn position(name: &str, element: &str, scale: u32) -> Option<u32> {
        <Vec<T> as Field>::position(name, element, scale)
    }

    fn read_into(slot: &mut Self::Slot, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError> {
        <Vec<T> as Field>::read_into(slot, start, source)
    }

    fn finish(slot: Self::Slot, name: &'static str) -> Result<Self, Lacks> {
        Self::new(<Vec<T> as Field>::finish(slot, name)?).ok_or(Lacks(Self::names(name)))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        <Vec<T> as Field>::write(&self.0, name, out);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        loop {
            if let Some(sample) = Self::new(<Vec<T> as Field>::sample(dice)) {
                return sample;
            }
            dice.roll_on();
        }
    }
}
