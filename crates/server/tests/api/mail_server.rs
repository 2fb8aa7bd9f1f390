//! A mail server on this machine that takes letters as RFC 5321 has it, or does what it is told instead.

use std::sync::{Arc, Mutex};

use bookferry_server::Mailer;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What happens at the end of a letter, or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Takes,
    RefusesForNow,
    RefusesForGood,
    /// The connection breaks after the letter came in whole, and before the answer.
    Breaks,
    /// Nobody is there.
    Away,
}

#[derive(Clone)]
pub(crate) struct MailServer {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    letters: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, mood: Arc::new(Mutex::new(Mood::Takes)), letters: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.talk(connection).await });
            }
        });
        server
    }

    pub(crate) fn mailer(&self) -> Mailer {
        let url = format!("smtp://127.0.0.1:{}", self.port);
        Mailer::new(&url, None, "Bookferry <books@ferry.example>").expect("a mailer")
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        *self.mood.lock().expect("no panic") = mood;
    }

    /// What came in, with its headers, and without the line breaks of its quoted-printable form.
    pub(crate) fn letters(&self) -> Vec<String> {
        self.letters.lock().expect("no panic").iter().map(|letter| letter.replace("=\n", "")).collect()
    }

    async fn talk(&self, connection: TcpStream) -> Option<()> {
        let mood = *self.mood.lock().expect("no panic");
        if mood == Mood::Away {
            return None;
        }
        let (reader, mut writer) = connection.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.example\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-mail.example\r\n250 8BITMIME",
                "RCPT" if mood == Mood::RefusesForGood => "550 no such mailbox",
                "DATA" => {
                    writer.write_all(b"354 go on\r\n").await.ok()?;
                    let mut letter = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        letter.push_str(&line);
                        letter.push('\n');
                    }
                    if mood == Mood::RefusesForNow {
                        "451 try later"
                    } else {
                        self.letters.lock().expect("no panic").push(letter);
                        if mood == Mood::Breaks {
                            return None;
                        }
                        "250 taken"
                    }
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }
}
