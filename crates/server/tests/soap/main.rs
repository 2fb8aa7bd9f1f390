//! `/qbwc` as the network sees it: what it answers to calls that are wrong, hostile or out of turn.

mod support;

use axum::http::StatusCode;
use bookferry_qbwc::{Call, Operation, Password, Reply, Verdict};

use crate::support::Server;

#[test]
fn get_answers_200_and_the_contract() {
    let server = Server::new();
    let (status, _, body) = server.get("/qbwc");
    assert_eq!((status, body.contains("Web Connector")), (StatusCode::OK, true));
    let (status, content_type, body) = server.get("/qbwc?wsdl");
    assert_eq!((status, content_type.as_str()), (StatusCode::OK, "text/xml; charset=utf-8"));
    assert!(body.contains("location=\"http://localhost:8080/qbwc\""));
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_told_the_same() {
    let server = Server::new();
    for (user, password) in [("ridgeline", "wrong"), ("nobody", &server.password), ("", "")] {
        let Reply::Authenticate(authenticated) = server.authenticate(user, password) else { panic!("another reply") };
        assert_eq!((authenticated.ticket.as_str(), authenticated.verdict), ("", Verdict::Nvu));
    }
}

/// Each of them is a fault with HTTP status 500 and a text, and the server answers the next call.
#[test]
fn hostile_calls_are_faults_and_harm_nothing() {
    let server = Server::new();
    let envelope = |body: &str| {
        format!(
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{body}</soap:Body></soap:Envelope>"
        )
    };
    let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \
                \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
    let attributes: String = (0..300).map(|n| format!(" a{n}=\"\"")).collect();
    let hostile: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"not XML at all".to_vec(),
        b"<soap:Envelope".to_vec(),
        envelope("").into_bytes(),
        envelope("<unknownCall xmlns=\"http://developer.intuit.com/\"/>").into_bytes(),
        envelope("<serverVersion xmlns=\"http://elsewhere.example/\"/>").into_bytes(),
        envelope("<serverVersion xmlns=\"http://developer.intuit.com/\"/><serverVersion xmlns=\"http://developer.intuit.com/\"/>").into_bytes(),
        format!("{bomb}{}", envelope("<authenticate xmlns=\"http://developer.intuit.com/\"><strUserName>&c;</strUserName></authenticate>")).into_bytes(),
        envelope(&"<a>".repeat(10_000)).into_bytes(),
        envelope(&format!("<authenticate xmlns=\"http://developer.intuit.com/\"{attributes}/>")).into_bytes(),
        b"<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\"><soap:Body/></soap:Envelope>".to_vec(),
        vec![0xff, 0xfe, 0x3c, 0x00],
        b"\xc3\x28<soap:Envelope/>".to_vec(),
        vec![b' '; (32 << 20) + 1],
    ];
    for body in hostile {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let (status, content_type, answer) = server.post(body);
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{shown}");
        assert_eq!(content_type, "text/xml; charset=utf-8", "{shown}");
        assert!(answer.contains("faultstring"), "{shown}: {answer}");
        assert!(answer.is_ascii() && answer.len() < 2_000, "{shown}: {answer}");
    }
    let Reply::ServerVersion(_) = server.call(&Call::ServerVersion { version: String::new() }) else {
        panic!("harmed")
    };
}

#[test]
fn a_ticket_that_nobody_was_given_moves_nothing() {
    let server = Server::new();
    let ticket = || "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let (empty, none) = (String::new, None);
    let send = Call::SendRequestXml {
        ticket: ticket(),
        host_company_preferences: empty(),
        company_file: empty(),
        country: empty(),
        qbxml_major: none,
        qbxml_minor: none,
    };
    assert_eq!(server.call(&send), Reply::SendRequestXml(String::new()));
    let receive = Call::ReceiveResponseXml { ticket: ticket(), response: empty(), hresult: empty(), message: empty() };
    let Reply::ReceiveResponseXml(percent) = server.call(&receive) else { panic!("another reply") };
    assert!(percent < 0);
    for call in [Call::GetLastError { ticket: ticket() }, Call::CloseConnection { ticket: ticket() }] {
        assert_eq!(server.call(&call).operation(), call.operation());
    }
}

#[test]
fn a_closed_visits_ticket_is_of_no_use() {
    let server = Server::new();
    let Reply::Authenticate(authenticated) = server.authenticate("ridgeline", &server.password) else { panic!() };
    assert!(matches!(authenticated.verdict, Verdict::Work(_)), "the first visit reads the company file");
    let Reply::Authenticate(second) = server.authenticate("ridgeline", &server.password) else { panic!() };
    assert_eq!(second.verdict, Verdict::Busy);
    let ticket = authenticated.ticket;
    server.call(&Call::CloseConnection { ticket: ticket.clone() });
    let send = Call::SendRequestXml {
        ticket,
        host_company_preferences: String::new(),
        company_file: String::new(),
        country: "US".to_owned(),
        qbxml_major: Some(13),
        qbxml_minor: Some(0),
    };
    assert_eq!(server.call(&send), Reply::SendRequestXml(String::new()));
}

#[test]
fn every_operation_of_the_contract_is_answered() {
    let server = Server::new();
    for operation in Operation::ALL {
        let body = format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><q:{0} \
             xmlns:q=\"http://developer.intuit.com/\"/></s:Body></s:Envelope>",
            operation.name()
        );
        let (status, _, answer) = server.post(body.into_bytes());
        assert_eq!(status, StatusCode::OK, "{}: {answer}", operation.name());
        assert!(answer.contains(&format!("{}Result", operation.name())), "{answer}");
        assert!(!answer.contains("nil"), "{answer}");
    }
    let _ = Password::new("shown nowhere");
}
