use super::node::Node;
use super::refusal::Refusal;

const LINE_LENGTH_MAX: usize = 41;

/// A printed address has at most five lines (qbXML notes, section 6.3).
pub(crate) fn check(address: &Node) -> Result<(), Refusal> {
    if printed(address).len() > 5 {
        return Err(Refusal::new(3205, "The address is not valid: it has more than five lines when it is printed."));
    }
    Ok(())
}

/// Adds the address as it is printed, as answers carry it.
pub(crate) fn set_block(node: &mut Node, name: &str, block_name: &'static str) {
    const LINES: [&str; 5] = ["Addr1", "Addr2", "Addr3", "Addr4", "Addr5"];
    let Some(address) = node.child(name) else {
        return node.set(Node::new(block_name));
    };
    let printed = printed(address);
    let lines = LINES.into_iter().zip(printed).map(|(line, text)| Node::leaf(line, text)).collect();
    node.set(Node::with(block_name, lines));
}

fn printed(address: &Node) -> Vec<String> {
    let text = |name: &str| address.text_of(name).unwrap_or_default().to_owned();
    let mut lines: Vec<String> = ["Addr1", "Addr2", "Addr3", "Addr4", "Addr5"].map(&text).into();
    let state = [text("State"), text("PostalCode")].join(" ").trim().to_owned();
    let place = [text("City"), state].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    lines.extend([place, text("Country"), text("Note")]);
    lines.retain(|line| !line.is_empty());
    // A line of a block has room for as much as a line of an address.
    lines.into_iter().map(|line| line.chars().take(LINE_LENGTH_MAX).collect()).collect()
}
