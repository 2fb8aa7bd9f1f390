//! The `.qwc` file that introduces an application to the Web Connector (Web Connector guide, section 4).

mod address;
mod read;
mod rules;
mod write;

pub use read::QwcReadError;
pub use rules::QwcError;
use uuid::Uuid;

/// The `AppDescription`'s length; the vendor recommends it.
pub const APP_DESCRIPTION_CHARS_MAX: usize = 80;

/// A `.qwc` file that the Web Connector will accept.
///
/// `QBType` is always `QBFS`, `Style` always `Document` and `IsReadOnly` always `false`: with `true` QuickBooks refuses
/// the Web Connector's own mark in the company file, and the import dies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qwc {
    settings: QwcSettings,
}

/// What a [`Qwc`] is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QwcSettings {
    /// The name in the Web Connector's list and in QuickBooks' list of integrated applications.
    pub app_name: String,
    /// May be empty.
    pub app_id: String,
    /// Where the SOAP service is: `https`, or `http` at `localhost`; a host name, never an address.
    pub app_url: String,
    /// At most [`APP_DESCRIPTION_CHARS_MAX`] characters.
    pub app_description: String,
    /// A page for people, at the same host as `app_url`. It must answer with 200 when the file is imported.
    pub app_support: String,
    pub user_name: String,
    /// The application, for ever.
    pub owner_id: Uuid,
    /// The company, for ever. The Web Connector writes it into the company file.
    pub file_id: Uuid,
    pub run_every: Option<RunEvery>,
    /// What the list shows instead of `app_name`.
    pub app_display_name: Option<String>,
    /// With it, a second import replaces the first instead of asking.
    pub app_unique_name: Option<String>,
    /// Where the certificate is checked, if not at `app_url`.
    pub cert_url: Option<String>,
    pub personal_data: Option<PersonalDataPref>,
    pub unattended_mode: Option<UnattendedModePref>,
    /// The editions that are supported: 1 Simple Start, 2 Pro, 4 Premier, 8 Enterprise, or'ed; 0 means all of them.
    pub auth_flags: Option<u8>,
    /// Whether the tray shows what happens.
    pub notify: bool,
}

/// The shortest time between two automatic visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEvery {
    Minutes(u32),
    Seconds(u32),
}

/// Whether the application needs personal data such as social security numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalDataPref {
    NotNeeded,
    Optional,
    Required,
}

/// Whether the application works while nobody has the company file open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnattendedModePref {
    Required,
    Optional,
}

impl Qwc {
    /// Checks the settings against the rules that the Web Connector holds an import to.
    pub fn new(settings: QwcSettings) -> Result<Self, QwcError> {
        rules::check(&settings)?;
        Ok(Self { settings })
    }

    /// Reads a file as strictly as the Web Connector could: every rule of [`Qwc::new`], and nothing unknown.
    pub fn parse(document: &str) -> Result<Self, QwcReadError> {
        Ok(Self::new(read::read(document)?)?)
    }

    /// Writes the file, in ASCII.
    pub fn encode(&self) -> String {
        write::write(&self.settings)
    }

    pub const fn settings(&self) -> &QwcSettings {
        &self.settings
    }
}

impl QwcSettings {
    /// The required settings, and nothing of the rest.
    pub fn new(
        app_name: &str,
        app_url: &str,
        app_support: &str,
        user_name: &str,
        owner_id: Uuid,
        file_id: Uuid,
    ) -> Self {
        Self {
            app_name: app_name.to_owned(),
            app_id: String::new(),
            app_url: app_url.to_owned(),
            app_description: app_name.chars().take(APP_DESCRIPTION_CHARS_MAX).collect(),
            app_support: app_support.to_owned(),
            user_name: user_name.to_owned(),
            owner_id,
            file_id,
            run_every: None,
            app_display_name: None,
            app_unique_name: None,
            cert_url: None,
            personal_data: None,
            unattended_mode: None,
            auth_flags: None,
            notify: false,
        }
    }
}

impl PersonalDataPref {
    const ALL: [Self; 3] = [Self::NotNeeded, Self::Optional, Self::Required];

    const fn word(self) -> &'static str {
        match self {
            Self::NotNeeded => "pdpNotNeeded",
            Self::Optional => "pdpOptional",
            Self::Required => "pdpRequired",
        }
    }
}

impl UnattendedModePref {
    const ALL: [Self; 2] = [Self::Required, Self::Optional];

    const fn word(self) -> &'static str {
        match self {
            Self::Required => "umpRequired",
            Self::Optional => "umpOptional",
        }
    }
}
