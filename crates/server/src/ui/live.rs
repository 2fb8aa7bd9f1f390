//! Who listens for news, and the one look at the database that serves all of them.
//!
//! Several servers on one database need nothing more: each looks for itself, and only while a page of its is open.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bookferry_store::Pulse;
use bookferry_sync::id::CompanyId;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::{App, SecretHash};

/// How often the database is looked at while anybody listens.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LISTENERS_MAX: usize = 2_000;
/// More tabs than anybody looks at; a browser that is told no asks less often.
const LISTENERS_OF_SESSION_MAX: usize = 12;

#[derive(Debug, Default)]
pub(crate) struct Live {
    listeners: Mutex<Listeners>,
}

#[derive(Debug, Default)]
struct Listeners {
    companies: HashMap<CompanyId, watch::Sender<Beat>>,
    by_session: HashMap<SecretHash, usize>,
    count: usize,
    is_looking: bool,
    is_closed: bool,
}

/// What a listener is woken for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beat {
    /// `None` before the first look.
    pub(super) pulse: Option<Pulse>,
    /// Counts the sign-outs of this process, so that every listener looks whether it is still signed in.
    sign_outs: u64,
}

/// A place among the listeners, free again once it is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) beats: watch::Receiver<Beat>,
    app: App,
    session: SecretHash,
}

impl Live {
    /// Ends every stream and takes no more listeners: the server stops.
    pub(crate) fn close(&self) {
        let mut listeners = self.lock();
        listeners.is_closed = true;
        listeners.companies.clear();
    }

    /// Somebody has signed out, or may no longer see what they saw.
    pub(super) fn check_sessions(&self) {
        for sender in self.lock().companies.values() {
            sender.send_modify(|beat| beat.sign_outs += 1);
        }
    }

    /// The companies that somebody listens to; with none of them left, nobody looks any more.
    fn listened_to(&self) -> Vec<CompanyId> {
        let mut listeners = self.lock();
        listeners.companies.retain(|_, sender| sender.receiver_count() > 0);
        listeners.is_looking = !listeners.companies.is_empty();
        listeners.companies.keys().copied().collect()
    }

    fn tell(&self, pulses: &[(CompanyId, Pulse)]) {
        let listeners = self.lock();
        for (company, pulse) in pulses {
            let Some(sender) = listeners.companies.get(company) else { continue };
            sender.send_if_modified(|beat| {
                let is_new = beat.pulse != Some(*pulse);
                beat.pulse = Some(*pulse);
                is_new
            });
        }
    }

    /// The map is whole again after every statement here, so a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// `None` where there are too many already, or the server stops.
    pub(super) fn join(app: &App, company: CompanyId, session: &SecretHash) -> Option<Self> {
        let mut listeners = app.live().lock();
        let of_session = listeners.by_session.get(session).copied().unwrap_or(0);
        if listeners.is_closed || listeners.count >= LISTENERS_MAX || of_session >= LISTENERS_OF_SESSION_MAX {
            return None;
        }
        listeners.count += 1;
        listeners.by_session.insert(*session, of_session + 1);
        let mut beats = listeners.companies.entry(company).or_default().subscribe();
        beats.mark_changed();
        if !std::mem::replace(&mut listeners.is_looking, true) {
            tokio::spawn(look(app.clone()));
        }
        Some(Self { beats, app: app.clone(), session: *session })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self.app.live().lock();
        listeners.count = listeners.count.saturating_sub(1);
        let left = listeners.by_session.get(&self.session).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            listeners.by_session.remove(&self.session);
        } else {
            listeners.by_session.insert(self.session, left);
        }
    }
}

async fn look(app: App) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let companies = app.live().listened_to();
        if companies.is_empty() {
            return;
        }
        match app.store().pulses(&companies).await {
            Ok(pulses) => app.live().tell(&pulses),
            // The pages stay as they are; whoever presses anything is told.
            Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "no news could be looked for"),
        }
    }
}
