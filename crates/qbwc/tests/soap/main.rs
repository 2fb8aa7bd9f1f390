//! Calls, replies and faults on the wire, from friendly and hostile hands.

mod calls;
mod hostile;
mod replies;

use bookferry_qbwc::{Call, Password};
use proptest::prelude::*;

/// One call of each operation, with something in every field.
fn samples() -> Vec<Call> {
    let ticket = "t-1".to_owned();
    vec![
        Call::ServerVersion { version: "34.0.10006.96".to_owned() },
        Call::GetServerVersion { ticket: ticket.clone() },
        Call::ClientVersion { version: "2.3.0.36".to_owned() },
        Call::Authenticate { user_name: "shop".to_owned(), password: Password::new("p<a>&ss wörd") },
        Call::SendRequestXml {
            ticket: ticket.clone(),
            host_company_preferences: "<?xml version=\"1.0\" ?><QBXML/>".to_owned(),
            company_file: "C:\\Books\\Müller & Sons.QBW".to_owned(),
            country: "US".to_owned(),
            qbxml_major: Some(13),
            qbxml_minor: Some(0),
        },
        Call::ReceiveResponseXml {
            ticket: ticket.clone(),
            response: "<?xml version=\"1.0\" ?>\n<QBXML><QBXMLMsgsRs/></QBXML>\n".to_owned(),
            hresult: "0x80040400".to_owned(),
            message: "QuickBooks found an error.\r\n\tSee the log.".to_owned(),
        },
        Call::ConnectionError {
            ticket: ticket.clone(),
            hresult: "0x80040414".to_owned(),
            message: "A dialog is open.".to_owned(),
        },
        Call::GetLastError { ticket: ticket.clone() },
        Call::CloseConnection { ticket: ticket.clone() },
        Call::GetInteractiveUrl { ticket: ticket.clone(), session_id: "s-1".to_owned() },
        Call::InteractiveRejected { ticket: ticket.clone(), reason: "no".to_owned() },
        Call::InteractiveDone { ticket: ticket.clone() },
        Call::IsInteractiveDone { ticket },
    ]
}

/// Text that XML 1.0 can hold, in and beyond ASCII.
fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[\t\n\r -~\u{a0}-\u{ff}\u{4e00}-\u{4eff}😀<>&\"']{0,40}").unwrap()
}
