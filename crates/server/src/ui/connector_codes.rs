//! What the Web Connector and QuickBooks show as a code, in plain words, with who must act.

use askama::Template;
use bookferry_qbwc::hresult::{self, Hresult};
use bookferry_qbwc::{Actor, qbwc_code};

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
            all: all.chain(hresult::all().iter().map(Explained::of_quickbooks)).collect(),
        }
    }
}

impl Explained {
    fn of_connector(hint: &qbwc_code::Hint) -> Self {
        let code = format!("QBWC{}", hint.code);
        Self { code, meaning: hint.meaning, remedy: hint.remedy, who: who(hint.actor) }
    }

    fn of_quickbooks(hint: &hresult::Hint) -> Self {
        Self { code: hint.code.to_string(), meaning: hint.meaning, remedy: hint.remedy, who: who(hint.actor) }
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
        let quickbooks = || word.parse::<Hresult>().ok().and_then(hresult::look_up).map(Explained::of_quickbooks);
        connector.or_else(quickbooks)
    })
}

/// As whom the page names them.
pub(super) const fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::Nobody => "Nobody: it passes by itself",
        Actor::Bookkeeper => "The person at the QuickBooks computer",
        Actor::QuickBooksAdmin => "The QuickBooks administrator",
        Actor::Operator => "Whoever runs this server",
        Actor::Developer => "The developers of Bookferry",
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
