//! Quiet hours as people write them.

use super::{Days, MINUTES_A_DAY, QuietHours, Range, WEEK, bit};

/// Why a text is no quiet hours, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotQuietHours {
    #[error("\u{201c}{0}\u{201d} is no range; write days and times, such as Mon-Fri 09:00-12:00")]
    Range(String),
    #[error("\u{201c}{0}\u{201d} is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun, or two of them as in Mon-Fri")]
    Day(String),
    #[error("\u{201c}{0}\u{201d} is no time; write hours and minutes from 00:00 to 24:00")]
    Time(String),
    #[error("\u{201c}{0}\u{201d} begins and ends at the same time; write 00:00-24:00 for a whole day")]
    Empty(String),
    #[error("they leave no time for a visit; leave some minutes of the week free")]
    Always,
    #[error("at most {max} ranges are taken", max = RANGES_MAX)]
    TooMany,
}

const RANGES_MAX: usize = 50;
const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl std::str::FromStr for QuietHours {
    type Err = NotQuietHours;

    fn from_str(text: &str) -> Result<Self, NotQuietHours> {
        if text.trim().eq_ignore_ascii_case("none") {
            return Ok(Self::default());
        }
        let written = text.split([';', '\n']).map(str::trim).filter(|range| !range.is_empty());
        let hours = Self { ranges: written.map(range).collect::<Result<_, _>>()? };
        if hours.ranges.len() > RANGES_MAX {
            return Err(NotQuietHours::TooMany);
        }
        if hours.is_always() { Err(NotQuietHours::Always) } else { Ok(hours) }
    }
}

impl TryFrom<String> for QuietHours {
    type Error = NotQuietHours;

    fn try_from(text: String) -> Result<Self, NotQuietHours> {
        text.parse()
    }
}

impl From<QuietHours> for String {
    fn from(hours: QuietHours) -> Self {
        hours.to_string()
    }
}

impl std::fmt::Display for QuietHours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (index, range) in self.ranges.iter().enumerate() {
            let Range { days, from, to } = range;
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{days} {:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)?;
        }
        Ok(())
    }
}

/// Days that follow each other as `Mon-Fri`, others by commas.
impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let runs = WEEK.into_iter().zip(NAMES).fold(Vec::<(&str, &str, u8)>::new(), |mut runs, (day, name)| {
            let is_next = day.previous() != WEEK[6] && self.holds(day.previous());
            match runs.last_mut() {
                Some(run) if self.holds(day) && is_next => *run = (run.0, name, run.2 + 1),
                _ if self.holds(day) => runs.push((name, name, 1)),
                _ => {}
            }
            runs
        });
        let texts = runs.into_iter().map(|(first, last, length)| match length {
            1 => first.to_owned(),
            2 => format!("{first},{last}"),
            _ => format!("{first}-{last}"),
        });
        f.write_str(&texts.collect::<Vec<_>>().join(","))
    }
}

fn range(text: &str) -> Result<Range, NotQuietHours> {
    let joined = joined(text);
    let (days, times) = joined.rsplit_once(char::is_whitespace).unwrap_or(("Mon-Sun", &joined));
    let (from, to) = times.split_once('-').ok_or_else(|| NotQuietHours::Range(text.to_owned()))?;
    let days = self::days(days)?;
    let (from, to) = (time(from)?, time(to)?);
    if from == to || from == MINUTES_A_DAY {
        return Err(NotQuietHours::Empty(times.to_owned()));
    }
    Ok(Range { days, from, to })
}

/// With hyphens for dashes, and nothing around them or after commas.
fn joined(text: &str) -> String {
    let text = text.replace(['\u{2013}', '\u{2014}'], "-");
    let hyphens = text.split('-').map(str::trim).collect::<Vec<_>>().join("-");
    hyphens.split(',').map(str::trim).collect::<Vec<_>>().join(",")
}

fn days(text: &str) -> Result<Days, NotQuietHours> {
    let mut days = 0;
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        let length = (last + WEEK.len() - first) % WEEK.len();
        days |= WEEK.iter().cycle().skip(first).take(length + 1).fold(0, |days, &day| days | bit(day));
    }
    Ok(Days(days))
}

/// Three letters are enough, and the whole word is taken too.
fn day(text: &str) -> Result<usize, NotQuietHours> {
    const WHOLE: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = text.trim().to_lowercase();
    let found = WHOLE.iter().position(|whole| word.len() >= 3 && whole.starts_with(&word));
    found.ok_or_else(|| NotQuietHours::Day(text.trim().to_owned()))
}

fn time(text: &str) -> Result<u16, NotQuietHours> {
    let unreadable = || NotQuietHours::Time(text.to_owned());
    let (hours, minutes) = text.split_once(':').ok_or_else(unreadable)?;
    let is_number = |digits: &str, length_min| {
        (length_min..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(hours, 1) || !is_number(minutes, 2) {
        return Err(unreadable());
    }
    let (hours, minutes): (u16, u16) =
        (hours.parse().map_err(|_| unreadable())?, minutes.parse().map_err(|_| unreadable())?);
    let minute = hours * 60 + minutes;
    if minutes < 60 && minute <= MINUTES_A_DAY { Ok(minute) } else { Err(unreadable()) }
}
