//! The mail server through which people are told; none by default.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use bookferry_server::Mailer;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "E-mail")]
pub(crate) struct MailArgs {
    /// The mail server through which people are told what waits: smtps://user@host, or smtp:// for STARTTLS. Its password stands
    /// in BOOKFERRY_SMTP_PASSWORD or in a file
    #[arg(long, env = "BOOKFERRY_SMTP_URL", value_name = "URL", requires = "mail_from")]
    smtp_url: Option<String>,
    /// The file with the mail server's password
    #[arg(long, env = "BOOKFERRY_SMTP_PASSWORD_FILE", value_name = "FILE")]
    smtp_password_file: Option<PathBuf>,
    /// Who letters come from, such as "Bookferry <books@example.com>"
    #[arg(long, env = "BOOKFERRY_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
}

impl MailArgs {
    /// `None` where no mail server is named.
    pub(crate) fn mailer(&self) -> anyhow::Result<Option<Mailer>> {
        let Some((url, from)) = self.smtp_url.as_ref().zip(self.mail_from.as_ref()) else { return Ok(None) };
        let mailer = Mailer::new(url, self.password()?, from).context("letters cannot be sent as --smtp-url says")?;
        Ok(Some(mailer))
    }

    #[expect(clippy::disallowed_methods, reason = "there is no option for it, so that it never stands in an argument")]
    fn password(&self) -> anyhow::Result<Option<String>> {
        if let Some(path) = &self.smtp_password_file {
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| format!("the password in {} cannot be read", path.display()))?;
            return Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()));
        }
        Ok(std::env::var("BOOKFERRY_SMTP_PASSWORD").ok())
    }
}
