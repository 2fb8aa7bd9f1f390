use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use bookferry_simulator::web_connector::{HttpAnswer, HttpTransport, Transport};

/// Answers one request with `answer`, and gives what was sent.
fn serve_once(answer: &'static str) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = String::new();
        let mut bytes = [0; 4096];
        let mut has_invited = false;
        loop {
            let count = stream.read(&mut bytes).unwrap();
            request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
            let expects = request.to_ascii_lowercase().contains("expect: 100-continue");
            let has_head = request.contains("\r\n\r\n");
            if has_head && expects && !has_invited {
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
                has_invited = true;
            }
            if has_head && (!expects || request.ends_with("</call>")) || count == 0 {
                break;
            }
        }
        stream.write_all(answer.as_bytes()).unwrap();
        request
    });
    (address, server)
}

#[test]
fn a_call_goes_out_as_dot_net_sends_it() {
    let (address, server) = serve_once(
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 3\r\nConnection: close\r\n\r\n<a>",
    );
    let mut transport = HttpTransport::new(format!("http://{address}/qbwc"));
    let answer = transport.post("http://developer.intuit.com/authenticate", "<call>1</call>").unwrap();
    assert_eq!(answer, HttpAnswer::xml("<a>"));
    let request = server.join().unwrap();
    let head = request.to_ascii_lowercase();
    assert!(request.starts_with("POST /qbwc HTTP/1.1\r\n"), "{request}");
    for header in [
        "soapaction: \"http://developer.intuit.com/authenticate\"\r\n",
        "content-type: text/xml; charset=utf-8\r\n",
        "user-agent: mozilla/4.0 (compatible; msie 6.0; ms web services client protocol ",
        "expect: 100-continue\r\n",
        "content-length: 14\r\n",
    ] {
        assert!(head.contains(header), "{header} is missing in {request}");
    }
    for header in ["accept-encoding", "transfer-encoding", "cookie"] {
        assert!(!head.contains(header), "{header} in {request}");
    }
}

#[test]
fn redirects_and_errors_come_back_as_they_are() {
    for (answer, status) in [
        ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 302),
        ("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 405),
    ] {
        let (address, server) = serve_once(answer);
        let url = format!("http://{address}/qbwc");
        assert_eq!(HttpTransport::new(url.clone()).get(&url).unwrap().status, status);
        server.join().unwrap();
    }
}

#[test]
fn nobody_there_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert!(HttpTransport::new(url.clone()).get(&url).is_err());
}
