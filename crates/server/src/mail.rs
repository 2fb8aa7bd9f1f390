//! Letters by SMTP: how the operator's mail server is reached, and what it made of a letter.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::Uri;
use jiff::Timestamp;
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::SmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, Transport as _};

/// How long the mail server may take for each of its answers.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Sends letters; cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

/// Why letters cannot be sent as the operator said.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    #[error("the mail server must be smtps://host or smtp://host, with user@ before the host where it asks who sends")]
    Address,
    #[error("the password of the mail server must not stand in its address, where others can read it")]
    PasswordInAddress,
    #[error("the mail server's user has no password")]
    NoPassword,
    #[error("the sender is no e-mail address")]
    Sender(#[source] lettre::address::AddressError),
    #[error("a safe connection to the mail server cannot be prepared")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// A letter in plain text.
#[derive(Debug)]
pub(crate) struct Letter {
    /// The same for each try, so that a copy can be told from another letter.
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) at: Timestamp,
}

/// What the caller decides on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsent {
    /// The mail server certainly does not have it.
    #[error("{0}")]
    Later(String),
    /// It refused it for good, or nobody knows whether it has it.
    #[error("{0}")]
    Lost(String),
}

impl Mailer {
    /// `smtps://` is encrypted from the start, `smtp://` by STARTTLS; only to this machine it may go in the clear.
    pub fn new(url: &str, password: Option<String>, from: &str) -> Result<Self, MailerError> {
        let uri: Uri = url.parse().map_err(|_| MailerError::Address)?;
        let authority = uri.authority().ok_or(MailerError::Address)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        if user.is_some_and(|user| user.contains(':')) {
            return Err(MailerError::PasswordInAddress);
        }
        let is_here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        let mut builder = match uri.scheme_str() {
            Some("smtps") => SmtpTransport::relay(host).map_err(MailerError::Tls)?,
            Some("smtp") if is_here => SmtpTransport::builder_dangerous(host),
            Some("smtp") => SmtpTransport::starttls_relay(host).map_err(MailerError::Tls)?,
            _ => return Err(MailerError::Address),
        };
        if let Some(port) = authority.port_u16() {
            builder = builder.port(port);
        }
        if let Some(user) = user {
            // A user is often an e-mail address, whose @ must be written %40 here.
            let user = user.replace("%40", "@");
            builder = builder.credentials(Credentials::new(user, password.ok_or(MailerError::NoPassword)?));
        }
        let from = from.parse().map_err(MailerError::Sender)?;
        Ok(Self { transport: builder.timeout(Some(ANSWER_MAX)).build(), from })
    }

    /// Blocks until the mail server has said what becomes of the letter, or was silent for too long.
    pub(crate) fn send(&self, letter: Letter) -> Result<(), Unsent> {
        let Letter { id, to, subject, text, at } = letter;
        let to = to.parse().map_err(|_| Unsent::Lost("that is no address a letter can be sent to".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(at.into())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(header::ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|error| Unsent::Lost(error.to_string()))?;
        // A connection that does not come about has carried nothing, which cannot be said of one that broke.
        match self.transport.test_connection() {
            Ok(true) => {}
            Ok(false) => return Err(Unsent::Later("the mail server does not take letters now".to_owned())),
            Err(error) => return Err(Unsent::Later(format!("the mail server cannot be reached: {}", told(&error)))),
        }
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) if error.is_transient() => Err(Unsent::Later(format!("the mail server said {}", told(&error)))),
            Err(error) if error.is_permanent() => Err(Unsent::Lost(format!("the mail server said {}", told(&error)))),
            Err(error) => Err(Unsent::Lost(format!("nobody knows whether the mail server has it: {}", told(&error)))),
        }
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

/// The error with its causes, in one line.
fn told(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::{Mailer, MailerError};

    #[test]
    fn a_mail_server_is_reached_as_it_is_named() {
        let password = || Some("secret".to_owned());
        for good in [
            "smtps://mail.example",
            "smtps://shop%40a.example@mail.example:465",
            "smtp://mail.example",
            "smtp://127.0.0.1:25",
        ] {
            assert!(Mailer::new(good, password(), "Bookferry <books@a.example>").is_ok(), "{good}");
        }
        let of = |url, password, from| Mailer::new(url, password, from).map(drop);
        assert!(matches!(of("mail.example", None, "a@a.example"), Err(MailerError::Address)));
        assert!(matches!(of("https://mail.example", None, "a@a.example"), Err(MailerError::Address)));
        assert!(matches!(of("smtps://u:p@mail.example", None, "a@a.example"), Err(MailerError::PasswordInAddress)));
        assert!(matches!(of("smtps://u@mail.example", None, "a@a.example"), Err(MailerError::NoPassword)));
        assert!(matches!(of("smtps://mail.example", None, "nobody"), Err(MailerError::Sender(_))));
    }
}
