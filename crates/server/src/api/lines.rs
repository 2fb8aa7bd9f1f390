use axum::body::{Body, Bytes};
use http_body_util::BodyExt;

use super::body::{BODY_BYTES_MAX, broken_off};
use crate::problem::{Problem, Slug};

/// The most bytes of a batch.
pub(super) const BATCH_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// The most bytes of a line: as many as of a record that comes alone.
const LINE_BYTES_MAX: usize = BODY_BYTES_MAX;

/// A body that arrives piece by piece, read line by line; no more than a line and a piece are held.
pub(super) struct Lines {
    body: Body,
    received: u64,
    piece: Bytes,
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    is_too_long: bool,
    is_over: bool,
}

impl Lines {
    pub(super) fn of(body: Body) -> Self {
        Self { body, received: 0, piece: Bytes::new(), begun: Vec::new(), is_too_long: false, is_over: false }
    }

    /// The next line without its line break, or why it cannot be had; an error of the outer kind ends the body.
    pub(super) async fn next(&mut self) -> Result<Option<Result<Vec<u8>, Problem>>, Problem> {
        loop {
            if let Some(end) = self.piece.iter().position(|&byte| byte == b'\n') {
                let rest = self.piece.split_off(end);
                let beginning = std::mem::replace(&mut self.piece, rest.slice(1..));
                self.append(&beginning);
                return Ok(Some(self.take_line()));
            }
            let piece = std::mem::take(&mut self.piece);
            self.append(&piece);
            if self.is_over {
                let is_nothing = self.begun.is_empty() && !self.is_too_long;
                return Ok(if is_nothing { None } else { Some(self.take_line()) });
            }
            self.receive().await?;
        }
    }

    async fn receive(&mut self) -> Result<(), Problem> {
        let Some(frame) = self.body.frame().await else {
            self.is_over = true;
            return Ok(());
        };
        let Ok(data) = frame.map_err(|_| broken_off())?.into_data() else { return Ok(()) };
        self.received = self.received.saturating_add(data.len() as u64);
        if self.received > BATCH_BYTES_MAX {
            return Err(batch_too_large());
        }
        self.piece = data;
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) {
        if self.is_too_long || self.begun.len() + bytes.len() > LINE_BYTES_MAX {
            self.is_too_long = true;
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }

    fn take_line(&mut self) -> Result<Vec<u8>, Problem> {
        let line = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.is_too_long) {
            let detail = format!("This line has more than {LINE_BYTES_MAX} bytes. It was not stored.");
            return Err(Problem::new(Slug::BodyTooLarge, detail));
        }
        Ok(line)
    }
}

pub(super) fn batch_too_large() -> Problem {
    let detail = format!("The batch has more than {BATCH_BYTES_MAX} bytes. What is past them was not stored.");
    Problem::new(Slug::BodyTooLarge, detail).fix("application", "Send the rest in another request.")
}
