use std::time::Duration;

use bookferry_qbwc::qwc::Qwc;

/// What the Web Connector knows of one application, most of it from the `.qwc` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub app_name: String,
    /// `AppURL`: where the SOAP calls go.
    pub url: String,
    /// `CertURL`: where the certificate is checked, if not at `url`.
    pub certificate_url: Option<String>,
    /// `AppSupport`: a page that must answer when the application is added. Empty where there is no `.qwc` file.
    pub support_url: String,
    pub user_name: String,
    /// Typed by the person, never in the file.
    pub password: String,
    /// Written into the company file when the application is added.
    pub identity: Option<Identity>,
    /// `IsReadOnly`: with `true` QuickBooks refuses the Web Connector's own write of the FileID (status 3263).
    pub is_read_only: bool,
    /// What the Web Connector calls itself towards the server.
    pub version: String,
    /// How long it waits after `NoOp`: five seconds in the real one (Web Connector guide, section 10).
    pub no_op_pause: Duration,
    /// How long QuickBooks takes where it is [slow](crate::fault::Fault::Slow).
    pub slow_pause: Duration,
}

/// Which application and which company: two GUIDs in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub owner_id: String,
    pub file_id: String,
}

impl Settings {
    /// For a service without a `.qwc` file: nothing is written into the company file.
    pub fn new(url: impl Into<String>, user_name: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            app_name: "Bookferry".to_owned(),
            url: url.into(),
            certificate_url: None,
            support_url: String::new(),
            user_name: user_name.into(),
            password: password.into(),
            identity: None,
            is_read_only: false,
            version: "34.0.10018.94".to_owned(),
            no_op_pause: Duration::from_secs(5),
            slow_pause: Duration::from_secs(180),
        }
    }

    /// As the `.qwc` file says, with the password that the person types.
    pub fn of_qwc(qwc: &Qwc, password: impl Into<String>) -> Self {
        let qwc = qwc.settings();
        let guid = |id: String| id.to_ascii_uppercase();
        Self {
            app_name: qwc.app_name.clone(),
            certificate_url: qwc.cert_url.clone(),
            support_url: qwc.app_support.clone(),
            ..Self::new(qwc.app_url.clone(), qwc.user_name.clone(), password)
        }
        .with_identity(guid(qwc.owner_id.braced().to_string()), guid(qwc.file_id.braced().to_string()))
    }

    pub fn with_identity(mut self, owner_id: impl Into<String>, file_id: impl Into<String>) -> Self {
        self.identity = Some(Identity { owner_id: owner_id.into(), file_id: file_id.into() });
        self
    }
}
