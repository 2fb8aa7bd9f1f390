use crate::{Call, ConnectionVerdict, Reply};

/// The reply to a call whose ticket is unknown, empty or long forgotten. It does no harm and ends the visit.
///
/// `closeConnection` comes with such a ticket after every `none`, `nvu` and `busy`, so this is ordinary. `None` for the
/// calls that need no session, whose replies depend on the server: `serverVersion`, `getServerVersion`, `clientVersion`
/// and `authenticate`.
pub fn reply_without_session(call: &Call) -> Option<Reply> {
    Some(match call {
        Call::ServerVersion { .. }
        | Call::GetServerVersion { .. }
        | Call::ClientVersion { .. }
        | Call::Authenticate { .. } => return None,
        Call::SendRequestXml { .. } => Reply::SendRequestXml(String::new()),
        Call::ReceiveResponseXml { .. } => Reply::ReceiveResponseXml(-1),
        Call::ConnectionError { .. } => Reply::ConnectionError(ConnectionVerdict::Done),
        Call::GetLastError { .. } => Reply::GetLastError("This visit is over. The next one starts anew.".to_owned()),
        Call::CloseConnection { .. } => Reply::CloseConnection("OK".to_owned()),
        // Nothing here is interactive: these replies end the mode if a client ever enters it.
        Call::GetInteractiveUrl { .. } => Reply::GetInteractiveUrl(String::new()),
        Call::InteractiveRejected { .. } => Reply::InteractiveRejected("Nothing needed an answer.".to_owned()),
        Call::InteractiveDone { .. } => Reply::InteractiveDone("Done".to_owned()),
        Call::IsInteractiveDone { .. } => Reply::IsInteractiveDone("DONE".to_owned()),
    })
}
