//! What the Web Connector and QuickBooks show as a code, in plain words, with who must act.

use askama::Template;
use bookferry_qbwc::{Actor, qbwc_code};
use bookferry_qbxml::hresult::{self, Hresult};
use bookferry_qbxml::status::Who;

/// The box on the Setup page.
#[derive(Debug, Template)]
#[template(path = "connector_codes.html")]
pub(super) struct CodesBox {
    asked: String,
    found: Option<Explained>,
    all: Vec<Explained>,
}

#[derive(Debug)]
struct Explained {
    code: String,
    meaning: &'static str,
    remedy: &'static str,
    who: &'static str,
}

impl CodesBox {
    /// With what somebody typed, or copied out of the Web Connector's window.
    pub(super) fn of(asked: Option<&str>) -> Self {
        let asked = asked.unwrap_or("").trim();
        let all = qbwc_code::all().iter().map(Explained::of_connector);
        Self {
            asked: asked.to_owned(),
            found: explain(asked),
            all: all.chain(hresult::entries().iter().map(Explained::of_quickbooks)).collect(),
        }
    }
}

impl Explained {
    fn of_connector(hint: &qbwc_code::Hint) -> Self {
        let code = format!("QBWC{}", hint.code);
        let must_act = match hint.actor {
            Actor::Nobody => Who::Nobody,
            Actor::Bookkeeper => Who::Bookkeeper,
            Actor::QuickBooksAdmin => Who::QuickBooksAdministrator,
            Actor::Operator => Who::Operator,
            Actor::Developer => Who::Developer,
        };
        Self { code, meaning: hint.meaning, remedy: hint.remedy, who: who(must_act) }
    }

    fn of_quickbooks(known: &hresult::Entry) -> Self {
        Self { code: known.code.to_string(), meaning: known.what, remedy: known.what_to_do, who: who(known.who) }
    }
}

/// The first code in the text that is known: QBWC1039, 1039 or 0x80040408.
fn explain(text: &str) -> Option<Explained> {
    let text = text.to_uppercase();
    if let Some(hint) = qbwc_code::find_in(&text) {
        return Some(Explained::of_connector(hint));
    }
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '-').find_map(|word| {
        let connector = word.parse().ok().and_then(qbwc_code::look_up).map(Explained::of_connector);
        let quickbooks = || word.parse::<Hresult>().ok().and_then(hresult::find).map(Explained::of_quickbooks);
        connector.or_else(quickbooks)
    })
}

/// As whom the page names them.
const fn who(who: Who) -> &'static str {
    match who {
        Who::Nobody => "Nobody: it passes by itself",
        Who::Bookkeeper => "The person at the QuickBooks computer",
        Who::QuickBooksAdministrator => "The QuickBooks administrator",
        Who::Operator => "Whoever runs this server",
        Who::Developer => "The developers of Bookferry",
    }
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn a_code_is_found_however_it_was_copied() {
        let found = |text: &str| explain(text).map(|found| found.code);
        for text in ["QBWC1039", "1039", "qbwc1039: There was a problem adding the application."] {
            assert_eq!(found(text).as_deref(), Some("QBWC1039"), "{text}");
        }
        for text in ["0x80040408", "80040408", "Return 0x80040408.", "-2147220472"] {
            assert_eq!(found(text).as_deref(), Some("0x80040408"), "{text}");
        }
        assert_eq!(found("nothing of the kind"), None);
        assert_eq!(found("QBWC1047"), None);
    }
}
