use anyhow::Result;

use super::{Life, OutagesOptions};
use crate::chaos::installation::Installation;
use crate::postgres::Postgres;
use crate::test_run;
use crate::workspace::Workspace;

/// By turns rids PostgreSQL of its connections and restarts it without a shutdown.
pub(super) fn run(workspace: &Workspace, options: &OutagesOptions) -> Result<()> {
    let binary = test_run::built_binary(workspace)?;
    let mut postgres = Postgres::start(&workspace.target().join("outages-postgres.log"))?;
    let log = workspace.target().join("outages.log");
    let installation = Installation::new(binary, Some(postgres.url()), log)?;
    let mut life = Life::begin(&installation, options)?;
    for time in 1..=options.times {
        if time % 2 == 1 {
            life.live_through(|| postgres.terminate_clients())?;
        } else {
            life.live_through(|| postgres.stop_at_once().and_then(|()| postgres.start_again()))?;
        }
        life.recover()?;
    }
    life.end("postgres_down", options)
}
