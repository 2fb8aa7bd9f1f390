use bookferry_xml::{Limits, ReadError, Reader};
use uuid::Uuid;

use super::{PersonalDataPref, QwcError, QwcSettings, RunEvery, UnattendedModePref};

/// Why a document is no `.qwc` file that the Web Connector imports.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QwcReadError {
    #[error("the .qwc file cannot be read as XML")]
    Xml(#[from] ReadError),
    #[error("the document element is {found} instead of QBWCXML")]
    NotAQwc { found: String },
    /// Misspelt elements are as good as absent to the Web Connector, which is never what their writer wanted.
    #[error("the Web Connector knows no element {name}")]
    UnknownElement { name: String },
    #[error("{name} stands there twice")]
    Repeated { name: String },
    #[error("{name} is missing")]
    Missing { name: &'static str },
    #[error("{name} cannot be {value:?}: {expected}")]
    Unfit { name: &'static str, value: String, expected: &'static str },
    #[error(transparent)]
    Rule(#[from] QwcError),
}

const ELEMENTS: [&str; 19] = [
    "AppName",
    "AppID",
    "AppURL",
    "AppDescription",
    "AppSupport",
    "UserName",
    "OwnerID",
    "FileID",
    "QBType",
    "Style",
    "PersonalDataPref",
    "UnattendedModePref",
    "AuthFlags",
    "Notify",
    "AppDisplayName",
    "AppUniqueName",
    "CertURL",
    "IsReadOnly",
    "Scheduler",
];

pub(super) fn read(document: &str) -> Result<QwcSettings, QwcReadError> {
    let mut elements = Elements::read(document)?;
    elements.only("QBType", "QBFS", "QuickBooks Financial is the back end here", true)?;
    elements.only("Style", "Document", "the service is document/literal", false)?;
    elements.only("IsReadOnly", "false", "QuickBooks would refuse the import's own mark (QBWC1039)", false)?;
    Ok(QwcSettings {
        app_name: elements.needed("AppName")?,
        app_id: elements.needed("AppID")?,
        app_url: elements.needed("AppURL")?,
        app_description: elements.needed("AppDescription")?,
        app_support: elements.needed("AppSupport")?,
        user_name: elements.needed("UserName")?,
        owner_id: elements.guid("OwnerID")?,
        file_id: elements.guid("FileID")?,
        run_every: elements.run_every,
        app_display_name: elements.take("AppDisplayName"),
        app_unique_name: elements.take("AppUniqueName"),
        cert_url: elements.take("CertURL"),
        personal_data: elements.one_of("PersonalDataPref", &PersonalDataPref::ALL, PersonalDataPref::word)?,
        unattended_mode: elements.one_of("UnattendedModePref", &UnattendedModePref::ALL, UnattendedModePref::word)?,
        auth_flags: elements.auth_flags()?,
        notify: elements.take("Notify").is_some_and(|text| text.trim().eq_ignore_ascii_case("true")),
    })
}

struct Elements {
    texts: Vec<(&'static str, String)>,
    run_every: Option<RunEvery>,
}

impl Elements {
    fn read(document: &str) -> Result<Self, QwcReadError> {
        let mut reader = Reader::new(document, Limits { document_bytes_max: 64 << 10, ..Limits::DEFAULT })?;
        let root = reader.root()?;
        if root.name() != "QBWCXML" || root.namespace().is_some() {
            return Err(QwcReadError::NotAQwc { found: root.name().to_owned() });
        }
        let mut elements = Self { texts: Vec::new(), run_every: None };
        while let Some(child) = reader.child()? {
            let known = ELEMENTS.into_iter().find(|name| *name == child.name() && child.namespace().is_none());
            let Some(name) = known else {
                return Err(QwcReadError::UnknownElement { name: child.name().to_owned() });
            };
            if elements.texts.iter().any(|(given, _)| *given == name) {
                return Err(QwcReadError::Repeated { name: name.to_owned() });
            }
            if name == "Scheduler" {
                elements.run_every = read_scheduler(&mut reader)?;
                elements.texts.push((name, String::new()));
            } else {
                elements.texts.push((name, reader.text()?));
            }
        }
        reader.finish()?;
        Ok(elements)
    }

    fn take(&mut self, name: &'static str) -> Option<String> {
        let place = self.texts.iter().position(|(given, _)| *given == name)?;
        Some(self.texts.swap_remove(place).1)
    }

    fn needed(&mut self, name: &'static str) -> Result<String, QwcReadError> {
        self.take(name).ok_or(QwcReadError::Missing { name })
    }

    fn only(
        &mut self,
        name: &'static str,
        word: &str,
        expected: &'static str,
        is_required: bool,
    ) -> Result<(), QwcReadError> {
        match self.take(name) {
            None if is_required => Err(QwcReadError::Missing { name }),
            Some(value) if value.trim() != word => Err(QwcReadError::Unfit { name, value, expected }),
            Some(_) | None => Ok(()),
        }
    }

    fn guid(&mut self, name: &'static str) -> Result<Uuid, QwcReadError> {
        let value = self.needed(name)?;
        let inner = value.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        match inner.filter(|text| text.len() == 36).and_then(|text| Uuid::try_parse(text).ok()) {
            Some(guid) => Ok(guid),
            None => Err(QwcReadError::Unfit { name, value, expected: "a GUID in braces is needed" }),
        }
    }

    fn one_of<T: Copy>(
        &mut self,
        name: &'static str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, QwcReadError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match all.iter().find(|one| word(**one) == value.trim()) {
            Some(one) => Ok(Some(*one)),
            None => Err(QwcReadError::Unfit { name, value, expected: "it is not a word of the vendor's list" }),
        }
    }

    fn auth_flags(&mut self) -> Result<Option<u8>, QwcReadError> {
        let Some(value) = self.take("AuthFlags") else { return Ok(None) };
        let text = value.trim();
        let flags = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => u8::from_str_radix(digits, 16),
            None => text.parse(),
        };
        match flags {
            Ok(flags) => Ok(Some(flags)),
            Err(_) => Err(QwcReadError::Unfit { name: "AuthFlags", value, expected: "a number such as 0xF is needed" }),
        }
    }
}

/// Of two intervals the first counts.
fn read_scheduler(reader: &mut Reader<'_>) -> Result<Option<RunEvery>, QwcReadError> {
    let mut run_every = None;
    while let Some(child) = reader.child()? {
        let (name, interval): (_, fn(u32) -> RunEvery) = match child.name() {
            "RunEveryNMinutes" => ("RunEveryNMinutes", RunEvery::Minutes),
            "RunEveryNSeconds" => ("RunEveryNSeconds", RunEvery::Seconds),
            other => return Err(QwcReadError::UnknownElement { name: other.to_owned() }),
        };
        let value = reader.text()?;
        match value.trim().parse() {
            Ok(number) => run_every = run_every.or(Some(interval(number))),
            Err(_) => return Err(QwcReadError::Unfit { name, value, expected: "a whole number is needed" }),
        }
    }
    Ok(run_every)
}
