/// Declares an element's fields in schema order: `field: Type = "ElementName"`, or `= part` for a field that stands for
/// several elements of its own naming.
///
/// `aggregate! { struct … }` makes an [`Element`](crate::element::Element). `aggregate! { part struct … }` makes a part:
/// fields that stand among another aggregate's without an element around them. Both get a `new` that takes the fields
/// which must stand there and leaves out the others; where none must, a `Default`.
#[macro_export]
macro_rules! aggregate {
    ($(#[$meta:meta])* struct $name:ident { $($body:tt)* }) => {
        $crate::aggregate!(@fields $(#[$meta])* $name { $($body)* });
        $crate::aggregate!(@new $name () () $($body)*);

        impl $crate::element::Element for $name {
            fn read(
                start: &bookferry_xml::Start<'_>,
                source: &mut $crate::element::Source<'_>,
            ) -> Result<Self, $crate::element::ReadError> {
                $crate::element::read_table(start, source)
            }

            fn write(&self, name: &str, out: &mut bookferry_xml::Writer) {
                out.start(name);
                $crate::element::Table::write_fields(self, out);
                out.end(name);
            }

            #[cfg(test)]
            fn sample(dice: &mut $crate::tests::Dice) -> Self {
                $crate::element::Table::sample_fields(dice)
            }
        }
    };

    ($(#[$meta:meta])* part struct $name:ident { $($body:tt)* }) => {
        $crate::aggregate!(@fields $(#[$meta])* $name { $($body)* });
        $crate::aggregate!(@new $name () () $($body)*);

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
                <$name as $crate::element::Table>::read_field(slot, start, source, &mut 0)
            }

            fn finish(slot: Self::Slot, _name: &'static str) -> Result<Self, $crate::element::Lacks> {
                <$name as $crate::element::Table>::from_slots(slot)
            }

            fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                $crate::element::Table::write_fields(self, out);
            }

            #[cfg(test)]
            fn sample(dice: &mut $crate::tests::Dice) -> Self {
                $crate::element::Table::sample_fields(dice)
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
                    reached: &mut u32,
                ) -> Result<(), $crate::element::ReadError> {
                    let _ = (&slots, &reached);
                    let (name, mut place) = (start.name(), 0);
                    $(
                        if let Some(within) = <$type as $crate::element::Field>::position(
                            $crate::aggregate!(@name $element),
                            name,
                            $crate::element::SCALE,
                        ) {
                            if place + within < *reached && source.is_strict() {
                                return source.unknown(start);
                            }
                            *reached = place + within;
                            return <$type as $crate::element::Field>::read_into(&mut slots.$field, start, source);
                        }
                        place += $crate::element::SCALE;
                    )*
                    let _ = (name, place);
                    source.unknown(start)
                }

                fn from_slots(slots: Slots) -> Result<Self, $crate::element::Lacks> {
                    let _ = &slots;
                    Ok(Self {
                        $($field: <$type as $crate::element::Field>::finish(
                            slots.$field,
                            $crate::aggregate!(@name $element),
                        )?,)*
                    })
                }

                fn write_fields(&self, out: &mut bookferry_xml::Writer) {
                    let _ = &out;
                    $(<$type as $crate::element::Field>::write(&self.$field, $crate::aggregate!(@name $element), out);)*
                }

                #[cfg(test)]
                fn sample_fields(dice: &mut $crate::tests::Dice) -> Self {
                    let _ = &dice;
                    Self { $($field: <$type as $crate::element::Field>::sample(dice),)* }
                }
            }
        };
    };

    (@new $name:ident () ($($init:tt)*)) => {
        impl Default for $name {
            fn default() -> Self {
                Self { $($init)* }
            }
        }
    };
    (@new $name:ident ($($argument:tt)+) ($($init:tt)*)) => {
        impl $name {
            /// With what the schema demands, and nothing else.
            pub fn new($($argument)+) -> Self {
                Self { $($init)* }
            }
        }
    };
    (@new $name:ident $arguments:tt $inits:tt #[$meta:meta] $($rest:tt)*) => {
        $crate::aggregate!(@new $name $arguments $inits $($rest)*);
    };
    (@new $name:ident $arguments:tt ($($init:tt)*) $field:ident : Option<$type:ty> = $element:tt $(, $($rest:tt)*)?) => {
        $crate::aggregate!(@new $name $arguments ($($init)* $field: None,) $($($rest)*)?);
    };
    (@new $name:ident $arguments:tt ($($init:tt)*) $field:ident : Vec<$type:ty> = $element:tt $(, $($rest:tt)*)?) => {
        $crate::aggregate!(@new $name $arguments ($($init)* $field: Vec::new(),) $($($rest)*)?);
    };
    (@new $name:ident ($($argument:tt)*) ($($init:tt)*) $field:ident : $type:ty = $element:tt $(, $($rest:tt)*)?) => {
        $crate::aggregate!(@new $name ($($argument)* $field: $type,) ($($init)* $field,) $($($rest)*)?);
    };

    (@name part) => { "" };
    (@name $element:literal) => { $element };
}

/// Declares an enum of elements of which one may stand in a place: `Variant(Type) = "ElementName"`, or `= part` where the
/// type is itself a part. As a field it may be `Choice` (exactly one), `Option<Choice>` (at most one) or `Vec<Choice>`
/// (any number, mixed). A variant that holds a list takes all its elements.
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

            const NAMES: &str = concat!("one of", $(" ", $crate::aggregate!(@name $element)),+);

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
                let name = start.name();
                $(
                    if <$type as $crate::element::Field>::position($crate::aggregate!(@name $element), name, 0).is_some() {
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

            fn finish(slots: Slots) -> Result<$name, $crate::element::Lacks> {
                Ok(match slots {
                    $(Slots::$variant(slot) => $name::$variant(<$type as $crate::element::Field>::finish(
                        slot,
                        $crate::aggregate!(@name $element),
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

            #[cfg(test)]
            fn sample(dice: &mut $crate::tests::Dice) -> $name {
                let samples: &[fn(&mut $crate::tests::Dice) -> $name] =
                    &[$(|dice| $name::$variant(<$type as $crate::element::Field>::sample(dice)),)+];
                dice.pick(samples)(dice)
            }

            impl $crate::element::Field for $name {
                type Slot = Option<Slots>;

                fn names(_name: &'static str) -> &'static str {
                    NAMES
                }

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

                fn finish(slot: Option<Slots>, _name: &'static str) -> Result<Self, $crate::element::Lacks> {
                    slot.map_or(Err($crate::element::Lacks(NAMES)), finish)
                }

                fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                    write(self, out);
                }

                #[cfg(test)]
                fn sample(dice: &mut $crate::tests::Dice) -> Self {
                    sample(dice)
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

                fn finish(slot: Option<Slots>, _name: &'static str) -> Result<Self, $crate::element::Lacks> {
                    slot.map(finish).transpose()
                }

                fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                    if let Some(choice) = self {
                        write(choice, out);
                    }
                }

                #[cfg(test)]
                fn sample(dice: &mut $crate::tests::Dice) -> Self {
                    dice.chance().then(|| sample(dice))
                }
            }

            impl $crate::element::Field for Vec<$name> {
                type Slot = Vec<Slots>;

                fn names(_name: &'static str) -> &'static str {
                    NAMES
                }

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

                fn finish(slot: Vec<Slots>, _name: &'static str) -> Result<Self, $crate::element::Lacks> {
                    slot.into_iter().map(finish).collect()
                }

                fn write(&self, _name: &str, out: &mut bookferry_xml::Writer) {
                    for choice in self {
                        write(choice, out);
                    }
                }

                #[cfg(test)]
                fn sample(dice: &mut $crate::tests::Dice) -> Self {
                    (0..dice.below(4)).map(|_| sample(dice)).collect()
                }
            }
        };
    };
}

/// Declares an ENUMTYPE whose words are the variants' names, or `Variant = "Word"` where Rust's spelling differs. A word
/// that is not in the list is kept as `Unlisted` when it is QuickBooks' own, and refused when it is ours.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident $(= $word:literal)?),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word of a QuickBooks newer than this list.
            Unlisted(String),
        }

        impl $name {
            /// Every word of the schema.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $crate::words!(@word $variant $($word)?),)+
                    Self::Unlisted(word) => word,
                }
            }
        }

        impl $crate::element::Element for $name {
            fn read(
                start: &bookferry_xml::Start<'_>,
                source: &mut $crate::element::Source<'_>,
            ) -> Result<Self, $crate::element::ReadError> {
                let text = source.reader.text()?;
                let word = text.trim();
                match Self::ALL.iter().find(|known| known.as_str() == word) {
                    Some(known) => Ok(known.clone()),
                    None if source.is_strict() => Err(source.bad_value(start, "not a word that QuickBooks knows here")),
                    None => Ok(Self::Unlisted(word.to_owned())),
                }
            }

            fn write(&self, name: &str, out: &mut bookferry_xml::Writer) {
                out.element(name, self.as_str());
            }

            #[cfg(test)]
            fn sample(dice: &mut $crate::tests::Dice) -> Self {
                dice.pick(Self::ALL).clone()
            }
        }
    };

    (@word $variant:ident) => { stringify!($variant) };
    (@word $variant:ident $word:literal) => { $word };
}
