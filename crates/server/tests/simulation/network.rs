//! What lies between the Web Connectors and the server.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use bookferry_qbwc::{Call, Operation, Reply, Verdict};
use bookferry_simulator::clock::Clock as _;
use bookferry_simulator::web_connector::{HttpAnswer, Transport, TransportError};
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt;

use crate::world::World;

/// How often in a thousand calls something happens on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hazards {
    /// The call arrives cut off, and the Web Connector hears nothing.
    pub(crate) cut_call: u32,
    /// The reply breaks off.
    pub(crate) cut_reply: u32,
    /// The call arrives twice at once; both are answered alike, and the second answer is the one that comes back.
    pub(crate) repeated: u32,
    /// A copy of the call stays somewhere on the way, and arrives a second time later.
    pub(crate) copied: u32,
    /// The call, or the reply, is held up while others go through.
    pub(crate) delayed: u32,
    /// The office's machine dies with a change in hand, before QuickBooks has executed it or after; and QuickBooks forgets.
    pub(crate) lost_change: u32,
}

/// The calls that will arrive again, and the visit that is in progress as far as its calls tell.
#[derive(Debug, Default)]
pub(crate) struct Network {
    pub(crate) hazards: Hazards,
    /// Whether the lease is so short that whoever signs in takes over.
    take_overs_are_allowed: bool,
    copies: Vec<Call>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    ticket: String,
    last_call: Timestamp,
}

/// A visit that was heard no longer ago than this is in progress, whatever it waits for.
const IN_PROGRESS: SignedDuration = SignedDuration::from_secs(60);
const REPLY_BYTES_MAX: usize = 64 << 20;

impl World<'_> {
    /// Carries a call to the server and its reply back, as far as they get.
    pub(crate) fn deliver(&mut self, call: &Call) -> Result<HttpAnswer, TransportError> {
        let hazards = self.network.hazards;
        if self.happens("cut-call", hazards.cut_call) {
            let whole = call.encode();
            let cut = usize::try_from(self.random.below(whole.len() as u64 - 8)).unwrap_or(0);
            let answer = self.send(call.operation(), whole[..whole.floor_char_boundary(cut)].to_owned());
            assert_eq!(answer.status, 500, "half a call was taken for a whole one");
            return Err(TransportError::Timeout);
        }
        let mut answer = self.arrive(call);
        if is_repeatable(call.operation()) && self.happens("repeated", hazards.repeated) {
            let again = self.arrive(call);
            assert_eq!(text(&again), text(&answer), "{call:?} was answered otherwise when it was repeated");
            answer = again;
        }
        if self.happens("copied", hazards.copied) {
            self.network.copies.push(call.clone());
        }
        if self.happens("cut-reply", hazards.cut_reply) {
            return Err(TransportError::Broken { reason: "The underlying connection was closed.".to_owned() });
        }
        Ok(answer)
    }

    /// A copy of an earlier call arrives; nobody hears the reply.
    pub(crate) fn deliver_late(&mut self) {
        let which = self.random.below(self.network.copies.len() as u64);
        let which = usize::try_from(which).unwrap_or(0);
        if which < self.network.copies.len() {
            let call = self.network.copies.swap_remove(which);
            self.counters.strike("late-call");
            self.arrive(&call);
        }
    }

    pub(crate) fn allow_take_overs(&mut self, are_allowed: bool) {
        self.network.take_overs_are_allowed = are_allowed;
    }

    /// The server's clock was moved, so it may be right to think that a visit has been silent for long.
    pub(crate) fn forget_visit_in_progress(&mut self) {
        self.network.open = None;
    }

    fn arrive(&mut self, call: &Call) -> HttpAnswer {
        let answer = self.send(call.operation(), call.encode());
        assert_eq!(answer.status, 200, "{call:?}: {}", text(&answer));
        self.counters.calls += 1;
        self.observe(call, &answer);
        answer
    }

    /// One visit a company: whoever gets work while another visit was heard a moment ago, gets it wrongly.
    fn observe(&mut self, call: &Call, answer: &HttpAnswer) {
        let now = self.clock.now();
        if let Some(open) = self.network.open.as_mut().filter(|open| call.ticket() == Some(open.ticket.as_str())) {
            open.last_call = now;
            if call.operation() == Operation::CloseConnection {
                self.network.open = None;
            }
        }
        if call.operation() != Operation::Authenticate {
            return;
        }
        let reply = Reply::decode(Operation::Authenticate, &text(answer)).expect("a reply to authenticate");
        let Reply::Authenticate(authenticated) = reply else { unreachable!("as it was decoded") };
        if matches!(authenticated.verdict, Verdict::Work(_)) {
            if let Some(open) = &self.network.open {
                let silence = now.duration_since(open.last_call);
                let may_take_over = silence > IN_PROGRESS || self.network.take_overs_are_allowed;
                assert!(may_take_over, "two visits to one company at the same time");
                self.counters.take_overs += 1;
            }
            self.network.open = Some(Open { ticket: authenticated.ticket, last_call: now });
        }
    }

    fn send(&self, operation: Operation, body: String) -> HttpAnswer {
        let request = Request::post("http://localhost:8080/qbwc")
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", format!("\"http://developer.intuit.com/{}\"", operation.name()));
        self.exchange(request.body(Body::from(body)).expect("a request"))
    }

    fn exchange(&self, request: Request<Body>) -> HttpAnswer {
        self.installation.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router always answers");
            let status = response.status().as_u16();
            let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
            let content_type = content_type.map(str::to_owned);
            let body = to_bytes(response.into_body(), REPLY_BYTES_MAX).await.expect("a body");
            HttpAnswer { status, content_type, body: body.to_vec() }
        })
    }
}

impl Transport for World<'_> {
    fn get(&mut self, url: &str) -> Result<HttpAnswer, TransportError> {
        Ok(self.exchange(Request::get(url).body(Body::empty()).expect("a request")))
    }

    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        let call = Call::decode(body).expect("the Web Connector writes what can be read");
        assert_eq!(soap_action, call.soap_action());
        self.deliver(&call)
    }
}

/// A second `authenticate` is another visit, and a second `connectionError` may be another failure; all others are answered
/// as the first time.
fn is_repeatable(operation: Operation) -> bool {
    !matches!(operation, Operation::Authenticate | Operation::ConnectionError)
}

fn text(answer: &HttpAnswer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
