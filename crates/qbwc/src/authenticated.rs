use crate::CompanyFile;

/// The answer to `authenticate`, which travels as exactly four strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// Comes back with every later call. Where there is no work it may be empty, and `closeConnection` still brings it.
    pub ticket: String,
    pub verdict: Verdict,
    /// The shortest interval, in seconds, that the person may choose for automatic runs; `None` leaves it alone.
    pub run_every_seconds_min: Option<u32>,
}

/// What becomes of the visit (Web Connector guide, sections 2 and 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is work, in that company file.
    Work(CompanyFile),
    /// The login is valid and there is nothing to do.
    None,
    /// Not a valid user, or not the password; which of the two is never said.
    Nvu,
    /// Another visit is in progress.
    Busy,
    /// Nothing now; a Web Connector that runs automatically comes back after so many seconds.
    Postpone { seconds: u32 },
}

impl Authenticated {
    pub(crate) fn to_strings(&self) -> [String; 4] {
        let mut postpone = String::new();
        let verdict = match &self.verdict {
            Verdict::Work(file) => file.as_str(),
            Verdict::None => "none",
            Verdict::Nvu => "nvu",
            Verdict::Busy => "busy",
            Verdict::Postpone { seconds } => {
                postpone = seconds.to_string();
                "none"
            }
        };
        let run_every = self.run_every_seconds_min.map(|seconds| seconds.to_string()).unwrap_or_default();
        [self.ticket.clone(), verdict.to_owned(), postpone, run_every]
    }

    /// Reads the strings as the Web Connector does: a number in the third postpones the visit whatever the second says,
    /// and verdicts count in any case.
    pub(crate) fn from_strings(strings: Vec<String>) -> Option<Self> {
        let mut strings = strings.into_iter();
        let (ticket, word) = (strings.next()?, strings.next()?);
        let postpone = strings.next().and_then(|text| text.trim().parse().ok());
        let run_every_seconds_min = strings.next().and_then(|text| text.trim().parse().ok());
        let verdict = match (postpone, word.trim().to_ascii_lowercase().as_str()) {
            (Some(seconds), _) => Verdict::Postpone { seconds },
            (None, "none") => Verdict::None,
            (None, "nvu") => Verdict::Nvu,
            (None, "busy") => Verdict::Busy,
            // `done` means nothing here, so to the Web Connector it is a path; to us it can only be a mistake.
            (None, _) => Verdict::Work(CompanyFile::at(word).ok()?),
        };
        Some(Self { ticket, verdict, run_every_seconds_min })
    }
}
