use bookferry_qbwc::{CompanyFile, ConnectionVerdict, Outcome, Reply, Session, Step};
use proptest::prelude::*;

use crate::{calls, last_error, new_session, outcomes};

proptest! {
    #[test]
    fn any_calls_and_outcomes_keep_the_rules(
        has_path in any::<bool>(),
        steps in proptest::collection::vec((0usize..13, 0usize..11, any::<u8>(), 0u8..20), 0..60),
    ) {
        let mut session = if has_path { new_session() } else { Session::new(CompanyFile::open_now()) };
        let mut rules = Rules::default();
        for (call, outcome, percent, takes_over) in steps {
            let call = &calls()[call];
            let mut outcome = outcomes().swap_remove(outcome);
            if let Outcome::Progress { percent: told } = &mut outcome {
                *told = percent;
            }
            let reply = if let Step::Reply(reply) = session.handle(call) {
                Some(reply)
            } else {
                session = saved_and_loaded(&session);
                let done = outcome == Outcome::Done;
                let reply = session.resume(outcome).ok();
                rules.is_done |= done && reply.is_some();
                reply
            };
            if let Some(reply) = reply {
                prop_assert_eq!(reply.operation(), call.operation());
                prop_assert_eq!(&Reply::decode(reply.operation(), &reply.encode()).unwrap(), &reply);
                rules.check(&reply, &mut session)?;
            }
            if takes_over == 0 {
                prop_assert_eq!(session.unanswered(), session.clone().take_over());
                session.take_over();
            }
            session = saved_and_loaded(&session);
        }
    }
}

#[derive(Default)]
struct Rules {
    is_done: bool,
    retries: usize,
}

impl Rules {
    fn check(&mut self, reply: &Reply, session: &mut Session) -> Result<(), TestCaseError> {
        if let Reply::ReceiveResponseXml(percent) = reply {
            prop_assert!((-1..=100).contains(percent));
            prop_assert!(*percent < 100 || self.is_done, "100 is told only when all is done");
        }
        if *reply == Reply::SendRequestXml(String::new()) {
            prop_assert!(!last_error(session).is_empty(), "an empty request is always explained");
        }
        if let Reply::ConnectionError(ConnectionVerdict::Retry(file)) = reply {
            self.retries += 1;
            prop_assert!(file.is_open_now() && self.retries == 1, "one retry at most");
        }
        if let Reply::CloseConnection(_) = reply {
            prop_assert!(session.is_over());
        }
        Ok(())
    }
}

fn saved_and_loaded(session: &Session) -> Session {
    let json = serde_json::to_string(session).unwrap();
    let loaded: Session = serde_json::from_str(&json).unwrap();
    assert_eq!(&loaded, session);
    loaded
}
