use std::collections::BTreeMap;
use std::fmt::Write as _;

use bookferry_sync::submission::{State, Status};

use super::every::{Group, event_label, events, groups, state_label, states};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/state-machines.md");

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whether to write the document anew is asked of the one who runs the test"
)]
fn the_document_shows_what_the_code_does() {
    let document = std::fs::read_to_string(DOCUMENT).expect("docs/state-machines.md can be read");
    let tables: String = groups().iter().map(table).collect();
    let expected = with_part(&with_part(&document, "diagram", &diagram()), "tables", &tables);
    if std::env::var_os("BOOKFERRY_WRITE_DOCS").is_some() {
        std::fs::write(DOCUMENT, expected).expect("docs/state-machines.md can be written");
    } else {
        assert!(document == expected, "docs/state-machines.md is behind the code; main.rs says how to write it anew");
    }
}

/// The document with `part` between its two marks of that name.
fn with_part(document: &str, name: &str, part: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: written by a test -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = document.split_once(&begin).expect("the part's first mark");
    let (_, after) = rest.split_once(&end).expect("the part's last mark");
    format!("{before}{begin}{part}{end}{after}")
}

/// The moves between statuses; an event that leaves the status as it is stands in the tables only.
fn diagram() -> String {
    let mut moves: BTreeMap<(Status, Status), Vec<String>> = BTreeMap::new();
    for (state, event) in pairs() {
        let from = state.status();
        let label = event.name().replace('_', " ");
        if let Ok(next) = state.apply(event)
            && next.status() != from
        {
            let labels = moves.entry((from, next.status())).or_default();
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
    }
    let mut out = "```mermaid\nstateDiagram-v2\n".to_owned();
    for status in Status::ALL {
        let _ = writeln!(out, "    {} : {}", status.as_str(), status.label());
    }
    for (since_enabled, automatically) in [(true, false), (true, true), (false, false)] {
        let first = State::handed_over(since_enabled, automatically).status();
        let _ = writeln!(out, "    [*] --> {} : handed over", first.as_str());
    }
    for ((from, to), labels) in moves {
        let _ = writeln!(out, "    {} --> {} : {}", from.as_str(), to.as_str(), labels.join(", "));
    }
    out + "```\n"
}

fn pairs() -> impl Iterator<Item = (State, bookferry_sync::submission::Event)> {
    states().into_iter().flat_map(|state| events().into_iter().map(move |event| (state.clone(), event)))
}

fn table(group: &Group) -> String {
    let mut out = format!("\n### {}\n\n| event |", group.title);
    for state in &group.states {
        let _ = write!(out, " {} |", state_label(state));
    }
    out.push_str(&format!("\n|{}\n", " --- |".repeat(group.states.len() + 1)));
    for event in events() {
        let _ = write!(out, "| {} |", event_label(&event));
        for state in &group.states {
            let next = state.clone().apply(event.clone());
            let _ = write!(out, " {} |", next.map_or_else(|_| "not possible".to_owned(), |next| state_label(&next)));
        }
        out.push('\n');
    }
    out
}
