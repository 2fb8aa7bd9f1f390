use std::time::Duration;

use bookferry_store::Error;
use tokio::time::MissedTickBehavior;

use crate::App;

/// How old a line of history can become before a seal covers it.
const EVERY: Duration = Duration::from_secs(60);

/// Seals what is new in every company's history, again and again.
pub(super) async fn run(app: &App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = seal_all(app).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the history could not be sealed; tried again later"
            );
        }
    }
}

async fn seal_all(app: &App) -> Result<(), Error> {
    for company in app.store().unsealed_companies().await? {
        let lines = app.store().seal_history(company, app.clock().now()).await?;
        tracing::debug!(company.id = %company, lines, "history is sealed");
    }
    Ok(())
}
