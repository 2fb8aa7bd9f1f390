use std::collections::BTreeMap;

use bookferry_simulator::web_connector::VisitReport;

/// What happened in the worlds of a test.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) seeds: u64,
    pub(crate) visits: u64,
    pub(crate) calls: u64,
    pub(crate) message_sets: u64,
    pub(crate) recovered: u64,
    pub(crate) take_overs: u64,
    pub(crate) deeds: u64,
    pub(crate) records: u64,
    pub(crate) submitted: u64,
    struck: BTreeMap<&'static str, u64>,
}

impl Counters {
    pub(crate) fn strike(&mut self, what: &'static str) {
        *self.struck.entry(what).or_default() += 1;
    }

    pub(crate) fn visit(&mut self, report: &VisitReport) {
        self.visits += 1;
        self.message_sets += u64::from(report.sets_executed);
        self.recovered += u64::from(report.sets_replayed);
        for fault in &report.faults {
            self.strike(fault.name());
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.visits += other.visits;
        self.calls += other.calls;
        self.message_sets += other.message_sets;
        self.recovered += other.recovered;
        self.take_overs += other.take_overs;
        self.deeds += other.deeds;
        self.records += other.records;
        self.submitted += other.submitted;
        for (what, count) in &other.struck {
            *self.struck.entry(what).or_default() += count;
        }
    }
}

/// Nothing was lost and nothing posted twice, or the test would have ended before this line was printed.
impl std::fmt::Display for Counters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults: u64 = self.struck.values().sum();
        write!(
            f,
            "seeds={} visits={} calls={} message_sets={} recovered={} take_overs={} deeds={} records={} submitted={} \
             faults={faults}",
            self.seeds,
            self.visits,
            self.calls,
            self.message_sets,
            self.recovered,
            self.take_overs,
            self.deeds,
            self.records,
            self.submitted,
        )?;
        for (what, count) in &self.struck {
            write!(f, " {what}={count}")?;
        }
        f.write_str(" lost=0 duplicated=0")
    }
}
