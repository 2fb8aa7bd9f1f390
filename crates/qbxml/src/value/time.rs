use bookferry_xml::{Start, Writer};

use crate::element::{Element, ReadError, Source};

/// DATETYPE: a day, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(pub jiff::civil::Date);

impl Element for Date {
    fn read(_start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        text.trim().parse().map(Self).map_err(|_| source.bad_value("not a date of the form yyyy-mm-dd"))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.0.to_string());
    }
}

/// DATETIMETYPE as it was written, since QuickBooks ignores daylight saving in the offset it states and wants the same
/// text back (qbxml.md section 6.1). Two of them are only ever compared as points that QuickBooks itself named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct DateTime(pub String);

impl Element for DateTime {
    fn read(_start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        let text = source.reader.text()?;
        if source.is_strict() && !has_its_form(&text) {
            return Err(source.bad_value("not of the form yyyy-mm-ddThh:mm:ss, with an offset or without"));
        }
        Ok(Self(text))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.0);
    }
}

/// A date, or a date and time with at most an offset: no `Z`, no fraction of a second.
fn has_its_form(text: &str) -> bool {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let is_date = date.parse::<jiff::civil::Date>().is_ok();
    let clock = time.split(['+', '-']).next().unwrap_or("");
    is_date && !time.contains(['Z', '.']) && (time.is_empty() || clock.chars().all(|c| c.is_ascii_digit() || c == ':'))
}
