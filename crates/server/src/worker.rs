//! What the server does of its own accord, beside answering.

mod history_seal;

use tokio::sync::watch;

use crate::App;

/// Runs until the server is told to stop. What is under way then is given up; it is taken up at the next start.
pub(crate) async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = history_seal::run(&app) => {}
    }
}
