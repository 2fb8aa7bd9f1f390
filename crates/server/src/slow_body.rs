//! Bodies that trickle in. Each holds a connection and what has arrived of it, and nobody has been asked for a password yet.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::stream::{Stream, StreamExt as _, unfold};
use tokio::time::{Instant, Sleep};

/// A body may take so long whatever its length, …
const BODY_MAX: Duration = Duration::from_secs(60);
/// … and a second more for so many bytes of it that have arrived: two hours for the largest batch over a poor line.
const BYTES_A_SECOND_MIN: u64 = 4 * 1024;

/// Why a body ended before its time.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the body came too slowly")]
    TooSlow,
    #[error(transparent)]
    Broken(#[from] axum::Error),
}

struct Arriving {
    data: BodyDataStream,
    began: Instant,
    patience: Pin<Box<Sleep>>,
    received: u64,
}

/// Ends bodies that come too slowly; to their readers they broke off.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    let request = request.map(|body| if body.is_end_stream() { body } else { Body::from_stream(in_time(body)) });
    next.run(request).await
}

fn in_time(body: Body) -> impl Stream<Item = Result<Bytes, Ended>> {
    unfold(Some(Arriving::of(body)), async |arriving| {
        let mut arriving = arriving?;
        let piece = arriving.next().await?;
        let goes_on = piece.is_ok();
        Some((piece, goes_on.then_some(arriving)))
    })
}

impl Arriving {
    #[expect(
        clippy::disallowed_methods,
        reason = "a peer is waited for by the machine's clock, and nothing is decided by it"
    )]
    fn of(body: Body) -> Self {
        let patience = Box::pin(tokio::time::sleep(BODY_MAX));
        let began = patience.deadline() - BODY_MAX;
        Self { data: body.into_data_stream(), began, patience, received: 0 }
    }

    async fn next(&mut self) -> Option<Result<Bytes, Ended>> {
        let piece = tokio::select! {
            biased;
            piece = self.data.next() => piece?,
            () = self.patience.as_mut() => return Some(Err(Ended::TooSlow)),
        };
        Some(piece.map_err(Ended::Broken).inspect(|piece| self.note(piece.len())))
    }

    fn note(&mut self, bytes: usize) {
        self.received = self.received.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        let earned = Duration::from_secs(self.received / BYTES_A_SECOND_MIN);
        self.patience.as_mut().reset(self.began + BODY_MAX + earned);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream::{iter, repeat};

    use super::*;

    /// A piece whenever the clock has gone on by the pause.
    fn body(pieces: impl Stream<Item = usize> + Send + 'static, pause: Duration) -> Body {
        let clock = tokio::time::interval(pause);
        let pieces = Box::pin(pieces);
        Body::from_stream(unfold((pieces, clock), async |(mut pieces, mut clock)| {
            clock.tick().await;
            let bytes = pieces.next().await?;
            Some((Ok::<_, std::convert::Infallible>(Bytes::from(vec![b' '; bytes])), (pieces, clock)))
        }))
    }

    async fn received(body: Body) -> Result<usize, String> {
        let pieces: Vec<_> = in_time(body).collect().await;
        pieces.into_iter().map(|piece| piece.map(|piece| piece.len()).map_err(|ended| ended.to_string())).sum()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_in_ends() {
        let pieces: Vec<_> = in_time(body(repeat(1), Duration::from_secs(1))).collect().await;
        assert!((60..=62).contains(&pieces.len()), "a byte a second, for a minute: {}", pieces.len());
        assert!(matches!(pieces.last(), Some(Err(Ended::TooSlow))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_begins_ends() {
        assert!(received(Body::from_stream(futures_util::stream::pending::<Result<Bytes, Ended>>())).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_over_a_poor_line_arrives() {
        let pieces = iter(std::iter::repeat_n(8 * 1024, 1_000));
        assert_eq!(received(body(pieces, Duration::from_secs(1))).await, Ok(8_192_000));
    }
}
