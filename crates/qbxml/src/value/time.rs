use bookferry_xml::{Start, Writer};
use serde::{Deserialize, Serialize};

use crate::element::{Element, ReadError, Source};

/// DATETYPE: a day, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub jiff::civil::Date);

impl Element for Date {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        Self::read_unless_blank(start, source)?.ok_or_else(|| source.bad_value(start, "it is blank"))
    }

    fn read_unless_blank(start: &Start<'_>, source: &mut Source<'_>) -> Result<Option<Self>, ReadError> {
        let text = source.reader.text()?;
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match day(text) {
            Some(day) => Ok(Some(Self(day))),
            None => Err(source.bad_value(start, "not a date of the form yyyy-mm-dd")),
        }
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.value(name, self.0);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(dice.below(24_000))));
        Self(day.unwrap_or_default())
    }
}

/// DATETIMETYPE as it was written, since QuickBooks ignores daylight saving in the offset it states and wants the same
/// text back (qbxml.md section 6.1). Two of them are only ever compared as points that QuickBooks itself named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
    /// From `yyyy-mm-dd` or `yyyy-mm-ddThh:mm:ss` with an offset `±hh:mm` or without; `None` for any other form, such as one
    /// with a `Z` or with a fraction of a second.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        has_its_form(&text).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The clock time without its offset: what QuickBooks takes as its computer's own time (qbxml.md section 6.1). `None`
    /// for a text that an answer held and that has no date and time in it.
    pub fn clock(&self) -> Option<jiff::civil::DateTime> {
        let (date, time) = self.0.split_once('T').unwrap_or((&self.0, ""));
        let (clock, _) = split_offset(time);
        let mut fields =
            clock.split(':').map(|field| if field.is_empty() { Some(0) } else { field.parse::<i8>().ok() });
        let mut next = || fields.next().unwrap_or(Some(0));
        let time = jiff::civil::Time::new(next()?, next()?, next()?, 0).ok()?;
        Some(jiff::civil::DateTime::from_parts(day(date)?, time))
    }
}

impl From<jiff::civil::DateTime> for DateTime {
    fn from(clock: jiff::civil::DateTime) -> Self {
        Self(clock.strftime("%Y-%m-%dT%H:%M:%S").to_string())
    }
}

impl std::fmt::Display for DateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Element for DateTime {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        Self::read_unless_blank(start, source)?.ok_or_else(|| source.bad_value(start, "it is blank"))
    }

    fn read_unless_blank(start: &Start<'_>, source: &mut Source<'_>) -> Result<Option<Self>, ReadError> {
        let text = source.reader.text()?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        if source.is_strict() && !has_its_form(&text) {
            return Err(source.bad_value(start, "not of the form yyyy-mm-ddThh:mm:ss, with an offset or without"));
        }
        Ok(Some(Self(text)))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.0);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        let (hour, minute) = (dice.below(24), dice.below(60));
        let time = *dice.pick(&["", "T00", "T23:05", "T07:08:09", "T07:08:09-08:00", "T12:00:00+05:30"]);
        match time {
            "" => Self(Date::sample(dice).0.to_string()),
            time => Self(format!(
                "{}{}",
                Date::sample(dice).0,
                time.replace("08", &format!("{:02}", hour.max(minute) % 24))
            )),
        }
    }
}

fn has_its_form(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return day(text).is_some();
    };
    let (clock, offset) = split_offset(time);
    let clock_fields: Vec<&str> = clock.split(':').collect();
    let has_offset = offset.is_empty() || (clock_fields.len() == 3 && is_clock(offset, 2..=2));
    day(date).is_some() && is_clock(clock, 1..=3) && has_offset
}

/// The clock time and what stands behind its sign, if it has an offset.
fn split_offset(time: &str) -> (&str, &str) {
    time.split_once(['+', '-']).unwrap_or((time, ""))
}

fn is_clock(text: &str, fields: std::ops::RangeInclusive<usize>) -> bool {
    let is_field = |field: &str| (1..=2).contains(&field.len()) && field.bytes().all(|byte| byte.is_ascii_digit());
    fields.contains(&text.split(':').count()) && text.split(':').all(is_field)
}

/// Four digits, two and two, of a day that exists; jiff alone would also read other notations of ISO 8601.
fn day(text: &str) -> Option<jiff::civil::Date> {
    let is_form = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_form { text.parse().ok() } else { None }
}
