//! XML for reading: an element to a line, indented. The stored text stays as it is.

const INDENT: &str = "  ";
const DEPTH_SHOWN_MAX: usize = 20;

/// Breaks the text between tags that touch; text between tags stays where it is. Takes any text.
pub(super) fn indented(xml: &str) -> String {
    let mut shown = String::with_capacity(xml.len() + xml.len() / 4);
    let mut depth = 0_usize;
    let mut rest = xml.trim();
    while let Some(end) = rest.find('>') {
        let (piece, after) = rest.split_at(end + 1);
        let tag = piece.rfind('<').map_or("", |start| piece.get(start..).unwrap_or(""));
        let is_end = tag.starts_with("</");
        if is_end {
            depth = depth.saturating_sub(1);
        }
        if piece.starts_with('<') {
            if !shown.is_empty() {
                shown.push('\n');
            }
            for _ in 0..depth.min(DEPTH_SHOWN_MAX) {
                shown.push_str(INDENT);
            }
        }
        shown.push_str(piece);
        let is_start =
            tag.starts_with('<') && !is_end && !tag.ends_with("/>") && !tag.starts_with("<?") && !tag.starts_with("<!");
        if is_start {
            depth += 1;
        }
        let trimmed = after.trim_start();
        rest = if trimmed.starts_with('<') { trimmed } else { after };
        if is_start && after.starts_with("</") {
            // An element without content stays on its line.
            let Some(end) = after.find('>') else { continue };
            let (closing, further) = after.split_at(end + 1);
            shown.push_str(closing);
            depth = depth.saturating_sub(1);
            rest = further.trim_start();
        }
    }
    shown.push_str(rest);
    shown
}

/// The element of a message set that makes this request, or answers it. Requests and answers never lie in one another,
/// and their names occur nowhere else (qbxml.md section 2).
pub(super) fn of_request<'a>(xml: &'a str, request_id: &str) -> Option<&'a str> {
    let attribute = format!("requestID=\"{request_id}\"");
    let at = xml.find(&attribute)?;
    let start = xml.get(..at)?.rfind('<')?;
    let element = xml.get(start..)?;
    let name = element.get(1..)?.split_whitespace().next()?;
    let tag_end = element.find('>')?;
    let is_empty = element.get(..tag_end)?.ends_with('/');
    let closing = format!("</{name}>");
    let end = if is_empty { tag_end + 1 } else { element.find(&closing)? + closing.len() };
    element.get(..end)
}

#[cfg(test)]
mod tests {
    use super::{indented, of_request};

    #[test]
    fn an_element_stands_on_a_line() {
        let shown = indented("<?xml version=\"1.0\"?><a><b x=\"1\">text &lt;</b><c/><d></d><e><f>1</f></e></a>");
        assert_eq!(
            shown,
            "<?xml version=\"1.0\"?>\n<a>\n  <b x=\"1\">text &lt;</b>\n  <c/>\n  <d></d>\n  <e>\n    <f>1</f>\n  </e>\n</a>"
        );
    }

    #[test]
    fn a_request_is_found_among_its_neighbours() {
        let xml =
            "<M><ARq requestID=\"1\"><A>1</A></ARq><BRq requestID=\"11\"/><ARq requestID=\"12\"><A>2</A></ARq></M>";
        assert_eq!(of_request(xml, "1"), Some("<ARq requestID=\"1\"><A>1</A></ARq>"));
        assert_eq!(of_request(xml, "11"), Some("<BRq requestID=\"11\"/>"));
        assert_eq!(of_request(xml, "2"), None);
        for text in ["", "requestID=\"1\"", "<requestID=\"1\"", "<a requestID=\"1\">", "<ä requestID=\"1\"ö"] {
            assert_eq!(of_request(text, "1"), None, "{text}");
        }
    }

    #[test]
    fn what_is_indented_already_and_what_is_no_xml_stay_legible() {
        assert_eq!(indented("<a>\n    <b>1</b>\n</a>\n"), "<a>\n  <b>1</b>\n</a>");
        for text in ["", "no xml", "a > b > c", "<<>>", "</a></a>", "<a", "<ä>ö</ä>"] {
            assert_eq!(indented(text).replace(['\n', ' '], ""), text.replace(' ', ""));
        }
    }
}
