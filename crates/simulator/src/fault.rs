use std::collections::BTreeMap;

use crate::random::SplitMix64;

/// Something that goes wrong in real life and can be made to go wrong here, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A SOAP call never reaches the server.
    LostRequest,
    /// The server's reply to `sendRequestXML` never arrives: QuickBooks executes nothing.
    LostAnswer,
    /// QuickBooks has executed the message set, and `receiveResponseXML` never reaches the server.
    LostResponse,
    /// The server took `receiveResponseXML`, and its reply never arrives.
    LostAcknowledgement,
    /// A SOAP call arrives twice, as a proxy may repeat it.
    RepeatedCall,
    /// The Web Connector dies in the middle of a visit: no `closeConnection`.
    CutVisit,
    /// QuickBooks has the objects open in a window: the next writes are answered with 3175.
    Busy,
    /// QuickBooks could not lock a list: the next writes are answered with 3180 and a lock text.
    Locked,
    /// A dialog is open in QuickBooks: BeginSession fails with 0x80040414.
    ModalDialog,
    /// Another company's file is open.
    WrongCompany,
    /// The company file does not carry the FileID.
    #[serde(rename = "no-fileid")]
    NoFileId,
    /// QuickBooks refuses to read the message set, whatever it is: ProcessRequest fails with 0x80040400.
    ProcessError,
    /// QuickBooks is restarted before it executed the message set: ProcessRequest fails with 0x8004040D.
    RestartBefore,
    /// QuickBooks is restarted after it executed the message set: ProcessRequest fails with 0x8004040D all the same.
    RestartAfterwards,
    /// QuickBooks takes minutes over a message set.
    Slow,
    /// QuickBooks loses what it stored of its last message set: asked about it, it says 9002.
    LostState,
    /// The server's reply to any other call never arrives.
    LostReply,
    /// QuickBooks' answer arrives cut off, in the middle of its XML.
    CutAnswer,
    /// QuickBooks' answer arrives without its last responses, but is well-formed.
    ShortAnswer,
    /// QuickBooks crashes in the middle of a message set: what it had done stays done, and nothing is stored of the set.
    CrashAmid,
    /// QuickBooks forgets all message sets it stored: asked about one, it says 600.
    ForgottenSets,
    /// QuickBooks clears what it stored of a message set once it was asked for it.
    ClearedState,
}

/// A name that is no fault's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault {name:?}; the faults are {}", Fault::ALL.map(Fault::name).join(", "))]
pub struct UnknownFault {
    pub name: String,
}

impl Fault {
    pub const ALL: [Self; 22] = [
        Self::LostRequest,
        Self::LostAnswer,
        Self::LostResponse,
        Self::LostAcknowledgement,
        Self::RepeatedCall,
        Self::CutVisit,
        Self::Busy,
        Self::Locked,
        Self::ModalDialog,
        Self::WrongCompany,
        Self::NoFileId,
        Self::ProcessError,
        Self::RestartBefore,
        Self::RestartAfterwards,
        Self::Slow,
        Self::LostState,
        Self::LostReply,
        Self::CutAnswer,
        Self::ShortAnswer,
        Self::CrashAmid,
        Self::ForgottenSets,
        Self::ClearedState,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::LostRequest => "lost-request",
            Self::LostAnswer => "lost-answer",
            Self::LostResponse => "lost-response",
            Self::LostAcknowledgement => "lost-acknowledgement",
            Self::RepeatedCall => "repeated-call",
            Self::CutVisit => "cut-visit",
            Self::Busy => "busy",
            Self::Locked => "locked",
            Self::ModalDialog => "modal-dialog",
            Self::WrongCompany => "wrong-company",
            Self::NoFileId => "no-fileid",
            Self::ProcessError => "process-error",
            Self::RestartBefore => "restart-before",
            Self::RestartAfterwards => "restart-afterwards",
            Self::Slow => "slow",
            Self::LostState => "lost-state",
            Self::LostReply => "lost-reply",
            Self::CutAnswer => "cut-answer",
            Self::ShortAnswer => "short-answer",
            Self::CrashAmid => "crash-amid",
            Self::ForgottenSets => "forgotten-sets",
            Self::ClearedState => "cleared-state",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let known = Self::ALL.into_iter().find(|fault| fault.name() == name.trim());
        known.ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

/// The faults in force, and how often each strikes where it can. One seed replays them.
#[derive(Debug, Clone)]
pub struct Faults {
    per_mille: BTreeMap<Fault, u32>,
    struck: BTreeMap<Fault, u64>,
    random: SplitMix64,
}

impl Faults {
    /// No faults at all.
    pub const fn none() -> Self {
        Self::seeded(0)
    }

    /// None yet; those that are added strike by this seed.
    pub const fn seeded(seed: u64) -> Self {
        Self { per_mille: BTreeMap::new(), struck: BTreeMap::new(), random: SplitMix64::new(seed) }
    }

    /// Adds a fault that strikes `per_mille` times in a thousand opportunities.
    pub fn with(mut self, fault: Fault, per_mille: u32) -> Self {
        self.per_mille.insert(fault, per_mille);
        self
    }

    /// Ends all faults; what has struck is still counted.
    pub fn stop(&mut self) {
        self.per_mille.clear();
    }

    /// How often each fault has struck.
    pub const fn struck(&self) -> &BTreeMap<Fault, u64> {
        &self.struck
    }

    /// Whether the fault strikes at this opportunity.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let Some(&per_mille) = self.per_mille.get(&fault) else {
            return false;
        };
        let strikes = self.random.happens(per_mille);
        if strikes {
            *self.struck.entry(fault).or_default() += 1;
        }
        strikes
    }

    /// A number from 0 to `bound - 1`, from the same seed.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults};

    #[test]
    fn every_name_is_read_back() {
        for fault in Fault::ALL {
            assert_eq!(fault.name().parse(), Ok(fault));
        }
        assert!("lost-luggage".parse::<Fault>().unwrap_err().to_string().contains("lost-request, lost-answer"));
    }

    #[test]
    fn one_seed_strikes_alike_and_counts() {
        let strikes = |seed| {
            let mut faults = Faults::seeded(seed).with(Fault::LostAnswer, 300);
            let drawn: Vec<bool> = (0..100).map(|_| faults.strikes(Fault::LostAnswer)).collect();
            assert_eq!(faults.struck()[&Fault::LostAnswer], drawn.iter().filter(|struck| **struck).count() as u64);
            assert!(!faults.strikes(Fault::Busy));
            drawn
        };
        assert_eq!(strikes(7), strikes(7));
        assert_ne!(strikes(7), strikes(8));
    }
}
