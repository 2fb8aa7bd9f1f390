//! How an element is declared, read and written.
//!
//! [`aggregate!`] turns a table of fields, in schema order, into a struct with a reader and a writer. [`choice!`] is for
//! places where the schema lets one of several elements stand.

use bookferry_xml::{Reader, Start, Writer};

/// Why a message could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the message is not readable XML")]
    Xml(#[from] bookferry_xml::ReadError),
    #[error("{path} lacks {element}")]
    Missing { path: String, element: String },
    #[error("{path}: the text of this element is not acceptable: {reason}")]
    Value { path: String, reason: String },
    #[error("{path}: {element} is unknown, repeated or out of order here")]
    Misplaced { path: String, element: String },
}

/// A document being read, and how much it is forgiven.
#[derive(Debug)]
pub struct Source<'a> {
    pub reader: Reader<'a>,
    manner: Manner,
}

/// QuickBooks reads requests to the letter; we read its answers with an open mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Strict,
    Lenient,
}

impl<'a> Source<'a> {
    pub fn new(reader: Reader<'a>, manner: Manner) -> Self {
        Self { reader, manner }
    }

    pub fn is_strict(&self) -> bool {
        self.manner == Manner::Strict
    }

    pub fn misplaced(&self, element: &str) -> ReadError {
        ReadError::Misplaced { path: self.reader.path(), element: element.to_owned() }
    }

    pub fn missing(&self, element: &str) -> ReadError {
        ReadError::Missing { path: self.reader.path(), element: element.trim_end().to_owned() }
    }

    pub fn bad_value(&self, reason: &str) -> ReadError {
        ReadError::Value { path: self.reader.path(), reason: reason.to_owned() }
    }

    /// Skips an element that has no place here; strictly read, it is an error.
    pub fn unknown(&mut self, start: &Start<'_>) -> Result<(), ReadError> {
        if self.is_strict() {
            return Err(self.misplaced(start.name()));
        }
        Ok(self.reader.skip()?)
    }
}

/// A value that stands as the content of one element.
pub trait Element: Sized {
    /// Reads the element whose start tag was just taken, to its end.
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError>;
    fn write(&self, name: &str, out: &mut Writer);
}

/// A field of an aggregate: an element that must stand there, may (`Option`), may repeat (`Vec`), or a part or choice
/// that stands for several elements.
pub trait Field: Sized {
    /// What has been read of it so far.
    type Slot: Default;

    /// Where `element` stands within the field, if it belongs to it. `name` is the name in the table; fields within
    /// this one are `scale` apart.
    fn position(name: &str, element: &str, scale: u32) -> Option<u32>;
    fn read_into(slot: &mut Self::Slot, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError>;
    fn finish(slot: Self::Slot, name: &str, source: &Source<'_>) -> Result<Self, ReadError>;
    fn write(&self, name: &str, out: &mut Writer);
}

/// The distance between an aggregate's fields; each nested part divides it by [`SCALE_STEP`].
pub const SCALE: u32 = SCALE_STEP * SCALE_STEP * SCALE_STEP;
pub const SCALE_STEP: u32 = 64;

impl<T: Element> Field for T {
    type Slot = Option<T>;

    fn position(name: &str, element: &str, _scale: u32) -> Option<u32> {
        (name == element).then_some(0)
    }

    fn read_into(slot: &mut Option<T>, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError> {
        <Option<T> as Field>::read_into(slot, start, source)
    }

    fn finish(slot: Option<T>, name: &str, source: &Source<'_>) -> Result<Self, ReadError> {
        slot.ok_or_else(|| source.missing(name))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        Element::write(self, name, out);
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
        *slot = Some(T::read(start, source)?);
        Ok(())
    }

    fn finish(slot: Option<T>, _name: &str, _source: &Source<'_>) -> Result<Self, ReadError> {
        Ok(slot)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        if let Some(value) = self {
            value.write(name, out);
        }
    }
}

impl<T: Element> Field for Vec<T> {
    type Slot = Vec<T>;

    fn position(name: &str, element: &str, _scale: u32) -> Option<u32> {
        (name == element).then_some(0)
    }

    fn read_into(slot: &mut Vec<T>, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError> {
        slot.push(T::read(start, source)?);
        Ok(())
    }

    fn finish(slot: Vec<T>, _name: &str, _source: &Source<'_>) -> Result<Self, ReadError> {
        Ok(slot)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        for value in self {
            value.write(name, out);
        }
    }
}

/// Declares an element's fields in schema order: `field: Type = "ElementName"`, or `= part` for a field that stands for
/// several elements of its own naming.
///
/// `aggregate! { struct … }` makes an [`Element`]. `aggregate! { part struct … }` makes a part: fields that stand among
/// another aggregate's without an element around them.
#[macro_export]
macro_rules! aggregate {
    ($(#[$meta:meta])* struct $name:ident { $($body:tt)* }) => {
        $crate::aggregate!(@fields $(#[$meta])* $name { $($body)* });

        impl $crate::element::Element for $name {
            fn read(
                _start: &bookferry_xml::Start<'_>,
                source: &mut $crate::element::Source<'_>,
            ) -> Result<Self, $crate::element::ReadError> {
                let mut slots = <Self as $crate::element::Table>::Slots::default();
                let mut reached = 0;
                while let Some(start) = source.reader.child()? {
                    match <Self as $crate::element::Table>::place(start.name(), $crate::element::SCALE) {
                        Some(place) if place >= reached || !source.is_strict() => {
                            reached = place;
                            <Self as $crate::element::Table>::read_field(&mut slots, &start, source)?;
                        }
                        Some(_) | None => source.unknown(&start)?,
                    }
                }
                <Self as $crate::element::Table>::from_slots(slots, source)
            }

            fn write(&self, name: &str, out: &mut bookferry_xml::Writer) {
                out.start(name);
                $crate::element::Table::write_fields(self, out);
                out.end(name);
            }
        }
    };

    ($(#[$meta:meta])* part struct $name:ident { $($body:tt)* }) => {
        $crate::aggregate!(@fields $(#[$meta])* $name { $($body)* });

        impl $crate::element::Field for $name {
            type Slot = <$name as $crate::element::Table>::Slots;

            fn position(_name: &str, element: &str, scale: u32) -> Option<u32> {
                <$name as $crate::element::Table>::place(element, scale / $crate::element::SCALE_STEP)
            }

            fn read_into(
                slot: &mut Self::Slot,
                start: &bookferry_xml::Start<'_>,
                source: &mut $crate::element::Source<'_>,
            ) -> Result<(), $crate::element::ReadError> {
                <$name as $crate::element::Table>::read_field(slot, start, source)
            }

            fn finish(
                slot: Self::Slot,
                _name: &str,
                source: &$crate::element::Source<'_>,
            ) -> Result<Self, $crate::element::ReadError> {
                <$name as $crate::element::Table>::from_slots(slot, source)
            }

            fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                $crate::element::Table::write_fields(self, out);
            }
        }
    };

    (@fields $(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $type:ty = $element:tt),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        const _: () = {
            #[derive(Default)]
            pub struct Slots {
                $($field: <$type as $crate::element::Field>::Slot,)*
            }

            impl $crate::element::Table for $name {
                type Slots = Slots;

                fn place(element: &str, scale: u32) -> Option<u32> {
                    let mut place = 0;
                    $(
                        if let Some(within) =
                            <$type as $crate::element::Field>::position($crate::aggregate!(@name $element), element, scale)
                        {
                            return Some(place + within);
                        }
                        place += scale;
                    )*
                    let _ = place;
                    None
                }

                fn read_field(
                    slots: &mut Slots,
                    start: &bookferry_xml::Start<'_>,
                    source: &mut $crate::element::Source<'_>,
                ) -> Result<(), $crate::element::ReadError> {
                    let _ = &slots;
                    $(
                        if <$type as $crate::element::Field>::position($crate::aggregate!(@name $element), start.name(), 0)
                            .is_some()
                        {
                            return <$type as $crate::element::Field>::read_into(&mut slots.$field, start, source);
                        }
                    )*
                    source.unknown(start)
                }

                fn from_slots(
                    slots: Slots,
                    source: &$crate::element::Source<'_>,
                ) -> Result<Self, $crate::element::ReadError> {
                    let _ = (&slots, source);
                    Ok(Self {
                        $($field: <$type as $crate::element::Field>::finish(
                            slots.$field,
                            $crate::aggregate!(@name $element),
                            source,
                        )?,)*
                    })
                }

                fn write_fields(&self, out: &mut bookferry_xml::Writer) {
                    let _ = &out;
                    $(<$type as $crate::element::Field>::write(&self.$field, $crate::aggregate!(@name $element), out);)*
                }
            }
        };
    };

    (@name part) => { "" };
    (@name $element:literal) => { $element };
}

/// What [`aggregate!`] derives from a field table.
pub trait Table: Sized {
    type Slots: Default;

    fn place(element: &str, scale: u32) -> Option<u32>;
    fn read_field(slots: &mut Self::Slots, start: &Start<'_>, source: &mut Source<'_>) -> Result<(), ReadError>;
    fn from_slots(slots: Self::Slots, source: &Source<'_>) -> Result<Self, ReadError>;
    fn write_fields(&self, out: &mut Writer);
}

/// Declares an enum of elements of which one may stand in a place: `Variant(Type) = "ElementName"`, or `= part` where the
/// type is itself a part. As a field it may be `Choice` (exactly one), `Option<Choice>` (at most one) or `Vec<Choice>`
/// (any number, mixed). A variant that holds a `Vec` takes all its elements.
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident($type:ty) = $element:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($type),)+
        }

        const _: () = {
            pub enum Slots {
                $($variant(<$type as $crate::element::Field>::Slot),)+
            }

            fn position(element: &str, scale: u32) -> Option<u32> {
                let mut place = 0;
                let scale = scale / $crate::element::SCALE_STEP;
                $(
                    if let Some(within) =
                        <$type as $crate::element::Field>::position($crate::aggregate!(@name $element), element, scale)
                    {
                        return Some(place + within);
                    }
                    place += scale;
                )+
                let _ = place;
                None
            }

            fn read_into(
                slot: &mut Option<Slots>,
                start: &bookferry_xml::Start<'_>,
                source: &mut $crate::element::Source<'_>,
            ) -> Result<(), $crate::element::ReadError> {
                $(
                    if <$type as $crate::element::Field>::position($crate::aggregate!(@name $element), start.name(), 0).is_some() {
                        if slot.is_none() {
                            *slot = Some(Slots::$variant(Default::default()));
                        }
                        return match slot {
                            Some(Slots::$variant(value)) => <$type as $crate::element::Field>::read_into(value, start, source),
                            _ => source.unknown(start),
                        };
                    }
                )+
                source.unknown(start)
            }

            fn finish(slots: Slots, source: &$crate::element::Source<'_>) -> Result<$name, $crate::element::ReadError> {
                Ok(match slots {
                    $(Slots::$variant(slot) => $name::$variant(<$type as $crate::element::Field>::finish(
                        slot,
                        $crate::aggregate!(@name $element),
                        source,
                    )?),)+
                })
            }

            fn write(choice: &$name, out: &mut bookferry_xml::Writer) {
                match choice {
                    $($name::$variant(value) => {
                        <$type as $crate::element::Field>::write(value, $crate::aggregate!(@name $element), out);
                    })+
                }
            }

            impl $crate::element::Field for $name {
                type Slot = Option<Slots>;

                fn position(_name: &str, element: &str, scale: u32) -> Option<u32> {
                    position(element, scale)
                }

                fn read_into(
                    slot: &mut Option<Slots>,
                    start: &bookferry_xml::Start<'_>,
                    source: &mut $crate::element::Source<'_>,
                ) -> Result<(), $crate::element::ReadError> {
                    read_into(slot, start, source)
                }

                fn finish(
                    slot: Option<Slots>,
                    _name: &str,
                    source: &$crate::element::Source<'_>,
                ) -> Result<Self, $crate::element::ReadError> {
                    match slot {
                        Some(slots) => finish(slots, source),
                        None => Err(source.missing(concat!($($crate::aggregate!(@name $element), " "),+))),
                    }
                }

                fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                    write(self, out);
                }
            }

            impl $crate::element::Field for Option<$name> {
                type Slot = Option<Slots>;

                fn position(_name: &str, element: &str, scale: u32) -> Option<u32> {
                    position(element, scale)
                }

                fn read_into(
                    slot: &mut Option<Slots>,
                    start: &bookferry_xml::Start<'_>,
                    source: &mut $crate::element::Source<'_>,
                ) -> Result<(), $crate::element::ReadError> {
                    read_into(slot, start, source)
                }

                fn finish(
                    slot: Option<Slots>,
                    _name: &str,
                    source: &$crate::element::Source<'_>,
                ) -> Result<Self, $crate::element::ReadError> {
                    slot.map(|slots| finish(slots, source)).transpose()
                }

                fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                    if let Some(choice) = self {
                        write(choice, out);
                    }
                }
            }

            impl $crate::element::Field for Vec<$name> {
                type Slot = Vec<Slots>;

                fn position(_name: &str, element: &str, _scale: u32) -> Option<u32> {
                    position(element, 0).map(|_| 0)
                }

                fn read_into(
                    slot: &mut Vec<Slots>,
                    start: &bookferry_xml::Start<'_>,
                    source: &mut $crate::element::Source<'_>,
                ) -> Result<(), $crate::element::ReadError> {
                    let mut next = None;
                    read_into(&mut next, start, source)?;
                    slot.extend(next);
                    Ok(())
                }

                fn finish(
                    slot: Vec<Slots>,
                    _name: &str,
                    source: &$crate::element::Source<'_>,
                ) -> Result<Self, $crate::element::ReadError> {
                    slot.into_iter().map(|slots| finish(slots, source)).collect()
                }

                fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                    for choice in self {
                        write(choice, out);
                    }
                }
            }
        };
    };
}
