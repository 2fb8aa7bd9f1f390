//! How an element is declared, read and written.
//!
//! [`aggregate!`](crate::aggregate) turns a table of fields, in schema order, into a struct with a reader and a writer.
//! [`choice!`](crate::choice) is for places where the schema lets one of several elements stand, and
//! [`words!`](crate::words) for elements that hold one of a list of words.

mod declare;
mod field;
mod source;

pub use field::{Field, OneOrMore, SCALE, SCALE_STEP};
pub use source::{Manner, ReadError, Source};

use bookferry_xml::{Start, Writer};

/// A value that stands as the content of one element.
pub trait Element: Sized {
    /// The attribute that the schema gives this element, if it gives it one.
    const ATTRIBUTE: Option<&'static str> = None;

    /// Reads the element whose start tag was just taken, to its end.
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError>;

    /// Reads an element that need not stand here. Left blank it says nothing, which the schema admits for most types.
    fn read_unless_blank(start: &Start<'_>, source: &mut Source<'_>) -> Result<Option<Self>, ReadError> {
        Self::read(start, source).map(Some)
    }

    fn write(&self, name: &str, out: &mut Writer);

    /// Any value that may be written, for tests.
    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self;
}

/// Several fields in schema order; what [`aggregate!`](crate::aggregate) derives from a field table.
pub trait Table: Sized {
    /// What has been read of the fields so far.
    type Slots: Default;

    /// Where `element` stands among the fields, which are `scale` apart.
    fn place(element: &str, scale: u32) -> Option<u32>;

    /// Reads one child. `reached` is the place of the last one; a strict source goes no way back.
    fn read_field(
        slots: &mut Self::Slots,
        start: &Start<'_>,
        source: &mut Source<'_>,
        reached: &mut u32,
    ) -> Result<(), ReadError>;

    fn from_slots(slots: Self::Slots) -> Result<Self, Lacks>;
    fn write_fields(&self, out: &mut Writer);

    #[cfg(test)]
    fn sample_fields(dice: &mut crate::tests::Dice) -> Self;
}

/// The name of an element that must stand in a place and does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacks(pub &'static str);

/// Reads the children of the element whose start tag was just taken.
pub fn read_table<T: Table>(start: &Start<'_>, source: &mut Source<'_>) -> Result<T, ReadError> {
    let mut slots = T::Slots::default();
    let mut reached = 0;
    while let Some(child) = source.reader.child()? {
        T::read_field(&mut slots, &child, source, &mut reached)?;
    }
    T::from_slots(slots).map_err(|lacks| source.missing(start, lacks))
}

impl<T: Table> Table for Box<T> {
    type Slots = T::Slots;

    fn place(element: &str, scale: u32) -> Option<u32> {
        T::place(element, scale)
    }

    fn read_field(
        slots: &mut Self::Slots,
        start: &Start<'_>,
        source: &mut Source<'_>,
        reached: &mut u32,
    ) -> Result<(), ReadError> {
        T::read_field(slots, start, source, reached)
    }

    fn from_slots(slots: Self::Slots) -> Result<Self, Lacks> {
        T::from_slots(slots).map(Box::new)
    }

    fn write_fields(&self, out: &mut Writer) {
        T::write_fields(self, out);
    }

    #[cfg(test)]
    fn sample_fields(dice: &mut crate::tests::Dice) -> Self {
        Box::new(T::sample_fields(dice))
    }
}
