use bookferry_xml::{Start, Writer};

use crate::element::{Element, ReadError, Source};

/// BOOLTYPE: written `true` and `false`; `1` and `0` are read too.
impl Element for bool {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        Self::read_unless_blank(start, source)?.ok_or_else(|| source.bad_value(start, "it is blank"))
    }

    fn read_unless_blank(start: &Start<'_>, source: &mut Source<'_>) -> Result<Option<Self>, ReadError> {
        let text = source.reader.text()?;
        match text.trim() {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(source.bad_value(start, "a truth value is true or false")),
        }
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, if *self { "true" } else { "false" });
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        dice.chance()
    }
}

/// INTTYPE, which is never blank.
impl Element for i64 {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        text.trim().parse().map_err(|_| source.bad_value(start, "not a whole number"))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.value(name, self);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        1 + i64::from(dice.below(28))
    }
}
