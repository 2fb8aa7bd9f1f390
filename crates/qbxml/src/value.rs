//! The types of qbXML's leaves: text with its length, amounts, dates, references.

mod decimal;
mod text;
mod time;

pub use decimal::{Amount, DecimalError, Percent, Price, Quantity};
pub use text::{Text, TextError, Transliterated, transliterate};
pub use time::{Date, DateTime};

use bookferry_xml::{Start, Writer};

use crate::aggregate;
use crate::element::{Element, ReadError, Source};

/// Names an entry of a QuickBooks list. Where both stand, QuickBooks ignores the name (qbxml.md section 6).
///
/// `MAX` is the longest full name the schema admits in this place, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ref<const MAX: usize> {
    pub list_id: Option<Text<36>>,
    pub full_name: Option<Text<MAX>>,
}

impl<const MAX: usize> Ref<MAX> {
    pub fn by_id(list_id: Text<36>) -> Self {
        Self { list_id: Some(list_id), full_name: None }
    }

    pub fn by_name(full_name: Text<MAX>) -> Self {
        Self { list_id: None, full_name: Some(full_name) }
    }
}

aggregate! {
    struct RefFields {
        list_id: Option<Text<36>> = "ListID",
        full_name: Option<Text<{ usize::MAX }>> = "FullName",
    }
}

impl<const MAX: usize> Element for Ref<MAX> {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let fields = RefFields::read(start, source)?;
        let full_name = fields.full_name.map(|name| Text::read_from(name.as_str(), source)).transpose()?;
        Ok(Self { list_id: fields.list_id, full_name })
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.start(name);
        if let Some(list_id) = &self.list_id {
            list_id.write("ListID", out);
        }
        if let Some(full_name) = &self.full_name {
            full_name.write("FullName", out);
        }
        out.end(name);
    }
}

/// `true` and `false`; `1` and `0` are read too.
impl Element for bool {
    fn read(_start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        match text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" | "" => Ok(false),
            _ => Err(source.bad_value("a truth value is true or false")),
        }
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, if *self { "true" } else { "false" });
    }
}

/// INTTYPE, never blank.
impl Element for i64 {
    fn read(_start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        text.trim().parse().map_err(|_| source.bad_value("not a whole number"))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.to_string());
    }
}

/// Declares an ENUMTYPE: `Variant = "Word"`. A word that is not in the list is kept as `Other` when it is QuickBooks' own,
/// and refused when it is ours.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word of a QuickBooks newer than this list.
            Other(String),
        }

        impl $name {
            /// Every word of the schema.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl $crate::element::Element for $name {
            fn read(
                _start: &bookferry_xml::Start<'_>,
                source: &mut $crate::element::Source<'_>,
            ) -> Result<Self, $crate::element::ReadError> {
                let text = source.reader.text()?;
                match text.trim() {
                    $($word => Ok(Self::$variant),)+
                    _ if source.is_strict() => Err(source.bad_value("not a word that QuickBooks knows here")),
                    other => Ok(Self::Other(other.to_owned())),
                }
            }

            fn write(&self, name: &str, out: &mut bookferry_xml::Writer) {
                out.element(name, self.as_str());
            }
        }
    };
}
