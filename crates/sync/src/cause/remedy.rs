/// A button that mends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Remedy {
    /// A name of the application's is to stand for an entry that QuickBooks has.
    Link,
    /// The same where a mapping leads to what cannot be used.
    Relink,
    /// The entry is created in QuickBooks, though the company does not let Bookferry create such entries by itself.
    Create,
    Rename,
    Shorten,
    Correct,
    Redate,
    /// A payment pays no more than is open of its invoices; the rest stays as credit.
    ApplyOpen,
    Retry,
    /// Reads the document again, and sends the change with its newest EditSequence.
    Resend,
    SendChange,
    KeepQuickBooks,
    AlreadyInQuickBooks,
    NotInQuickBooks,
    Exclude,
    Snooze,
    Assign,
    Comment,
}

impl Remedy {
    pub const ALL: [Self; 18] = [
        Self::Link,
        Self::Relink,
        Self::Create,
        Self::Rename,
        Self::Shorten,
        Self::Correct,
        Self::Redate,
        Self::ApplyOpen,
        Self::Retry,
        Self::Resend,
        Self::SendChange,
        Self::KeepQuickBooks,
        Self::AlreadyInQuickBooks,
        Self::NotInQuickBooks,
        Self::Exclude,
        Self::Snooze,
        Self::Assign,
        Self::Comment,
    ];

    /// As in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Relink => "relink",
            Self::Create => "create",
            Self::Rename => "rename",
            Self::Shorten => "shorten",
            Self::Correct => "correct",
            Self::Redate => "redate",
            Self::ApplyOpen => "apply_open",
            Self::Retry => "retry",
            Self::Resend => "resend",
            Self::SendChange => "send_change",
            Self::KeepQuickBooks => "keep_quickbooks",
            Self::AlreadyInQuickBooks => "already_in_quickbooks",
            Self::NotInQuickBooks => "not_in_quickbooks",
            Self::Exclude => "exclude",
            Self::Snooze => "snooze",
            Self::Assign => "assign",
            Self::Comment => "comment",
        }
    }

    /// On the button. Three dots say that a page follows on which something is chosen, and nothing is done before.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Link => "Link to existing\u{2026}",
            Self::Relink => "Choose another entry\u{2026}",
            Self::Create => "Create in QuickBooks\u{2026}",
            Self::Rename => "Rename with a suffix\u{2026}",
            Self::Shorten => "Shorten\u{2026}",
            Self::Correct => "Correct here\u{2026}",
            Self::Redate => "Change the date\u{2026}",
            Self::ApplyOpen => "Apply what is open\u{2026}",
            Self::Retry => "Retry",
            Self::Resend => "Read again and send",
            Self::SendChange => "Send the change",
            Self::KeepQuickBooks => "Keep QuickBooks\u{2019} version",
            Self::AlreadyInQuickBooks => "Already in QuickBooks\u{2026}",
            Self::NotInQuickBooks => "Not in QuickBooks: send again",
            Self::Exclude => "Do not send",
            Self::Snooze => "Snooze\u{2026}",
            Self::Assign => "Assign\u{2026}",
            Self::Comment => "Comment\u{2026}",
        }
    }

    /// What will happen, as a sentence for the bookkeeper.
    pub const fn preview(self) -> &'static str {
        match self {
            Self::Link | Self::Relink => {
                "The name stands for the entry that you choose, in these records and in all later ones; they go across in the \
                 next visit."
            }
            Self::Create => "The next visit creates the entry in QuickBooks, then the records that name it go across.",
            Self::Rename => {
                "The customer gets a name of its own in QuickBooks, and is created under it in the next visit."
            }
            Self::Shorten => "What is too long for QuickBooks is cut to what fits; you see every text before it is.",
            Self::Correct => "You write what the record is to say; your application is told what was corrected here.",
            Self::Redate => "The records get another date, and go across with it in the next visit.",
            Self::ApplyOpen => {
                "The payment pays what is open of its invoices. The rest stays as the customer\u{2019}s credit in QuickBooks."
            }
            Self::Retry => "The same is sent once more in the next visit.",
            Self::Resend => {
                "The next visit reads the document in QuickBooks and sends your application\u{2019}s changes on top of what it \
                 finds."
            }
            Self::SendChange => "What your application changed or voided is written to QuickBooks in the next visit.",
            Self::KeepQuickBooks => "What QuickBooks has stays, and the record counts as submitted.",
            Self::AlreadyInQuickBooks => {
                "The next visit looks for it in QuickBooks. If it is there it counts as submitted, and payments for it can \
                 go; nothing is sent."
            }
            Self::NotInQuickBooks => "You have looked: it is not in QuickBooks. It is sent again in the next visit.",
            Self::Exclude => "It is put aside and not sent. Payments that wait for it go on waiting.",
            Self::Snooze => "It is out of the way until the day that you choose, or until it changes.",
            Self::Assign => "It shows whose business it is; nothing is sent.",
            Self::Comment => "Your words are kept in the history of the records; nothing is sent.",
        }
    }

    /// Whether something is chosen or shown on a page of its own before anything is done.
    pub const fn asks_first(self) -> bool {
        !matches!(self, Self::Retry | Self::Resend | Self::SendChange | Self::KeepQuickBooks | Self::NotInQuickBooks)
    }
}

impl std::str::FromStr for Remedy {
    type Err = crate::record::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|remedy| remedy.as_str() == word);
        known.ok_or_else(|| crate::record::UnknownWord(word.to_owned()))
    }
}
