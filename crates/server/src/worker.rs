//! What the server does of its own accord, beside answering.

mod digests;
mod history_seal;
mod webhooks;

use bookferry_store::Error;
use tokio::sync::watch;

use crate::App;

/// Runs until the server is told to stop. What is under way then is given up; it is taken up at the next start.
pub(crate) async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = history_seal::run(&app) => {}
        () = digests::run(&app) => {}
        () = webhooks::run(&app) => {}
    }
}

/// Tells people what is to be told now, and returns when the letters are sent. A running server does so by itself.
pub async fn tell_people(app: &App) -> Result<(), Error> {
    digests::tell_due(app).await
}

/// Delivers whatever is due to webhooks, and returns when that is done. A running server does so by itself.
pub async fn deliver_webhooks(app: &App) -> Result<(), Error> {
    webhooks::deliver_due(app).await
}
