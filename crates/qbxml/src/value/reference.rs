use bookferry_xml::{Start, Writer};

use super::{Line, ListId, MacroName};
use crate::element::{Element, Field, Lacks, ReadError, Source, Table, read_table};

/// Names an entry of a QuickBooks list. Where both stand, QuickBooks ignores the name (qbxml.md section 6).
///
/// `MAX` is the longest full name the schema admits in this place, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref<const MAX: usize> {
    pub list_id: Option<ListId>,
    pub full_name: Option<Line<MAX>>,
}

impl<const MAX: usize> Ref<MAX> {
    pub fn by_id(list_id: ListId) -> Self {
        Self { list_id: Some(list_id), full_name: None }
    }

    pub fn by_name(full_name: Line<MAX>) -> Self {
        Self { list_id: None, full_name: Some(full_name) }
    }

    /// The ListID, as QuickBooks' answers give it.
    pub const fn id(&self) -> Option<&ListId> {
        self.list_id.as_ref()
    }

    /// The full name, as QuickBooks' answers give it.
    pub fn name(&self) -> Option<&str> {
        self.full_name.as_ref().map(Line::as_str)
    }
}

impl<const MAX: usize> Table for Ref<MAX> {
    type Slots = (Option<ListId>, Option<Line<MAX>>);

    fn place(element: &str, scale: u32) -> Option<u32> {
        match element {
            "ListID" => Some(0),
            "FullName" => Some(scale),
            _ => None,
        }
    }

    fn read_field(
        slots: &mut Self::Slots,
        start: &Start<'_>,
        source: &mut Source<'_>,
        _reached: &mut u32,
    ) -> Result<(), ReadError> {
        match start.name() {
            "ListID" if slots.1.is_none() || !source.is_strict() => {
                <Option<ListId> as Field>::read_into(&mut slots.0, start, source)
            }
            "FullName" => <Option<Line<MAX>> as Field>::read_into(&mut slots.1, start, source),
            _ => source.unknown(start),
        }
    }

    fn from_slots(slots: Self::Slots) -> Result<Self, Lacks> {
        Ok(Self { list_id: slots.0, full_name: slots.1 })
    }

    fn write_fields(&self, out: &mut Writer) {
        Field::write(&self.list_id, "ListID", out);
        Field::write(&self.full_name, "FullName", out);
    }

    #[cfg(test)]
    fn sample_fields(dice: &mut crate::tests::Dice) -> Self {
        Self { list_id: Field::sample(dice), full_name: Field::sample(dice) }
    }
}

impl<const MAX: usize> Element for Ref<MAX> {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        read_table(start, source)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.start(name);
        self.write_fields(out);
        out.end(name);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        Self::sample_fields(dice)
    }
}

/// The body of an Add whose id later requests of the same message set may use (`defMacro`).
#[derive(Debug, Clone, PartialEq)]
pub struct Defined<T> {
    pub def_macro: Option<MacroName>,
    pub body: T,
}

impl<T> From<T> for Defined<T> {
    fn from(body: T) -> Self {
        Self { def_macro: None, body }
    }
}

impl<T: Table> Element for Defined<T> {
    const ATTRIBUTE: Option<&'static str> = Some("defMacro");

    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        Ok(Self { def_macro: MacroName::read_from(start, "defMacro"), body: read_table(start, source)? })
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.start(name);
        if let Some(def_macro) = &self.def_macro {
            out.attribute("defMacro", def_macro.as_str());
        }
        self.body.write_fields(out);
        out.end(name);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        Self { def_macro: dice.chance().then(|| MacroName::sample(dice)), body: T::sample_fields(dice) }
    }
}
