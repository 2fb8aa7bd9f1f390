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

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn an_element_stands_on_a_line() {
        let shown = indented("<?xml version=\"1.0\"?><a><b x=\"1\">text &lt;</b><c/><d></d><e><f>1</f></e></a>");
        assert_eq!(
            shown,
            "<?xml version=\"1.0\"?>\n<a>\n  <b x=\"1\">text &lt;</b>\n  <c/>\n  <d></d>\n  <e>\n    <f>1</f>\n  </e>\n</a>"
        );
    }

    #[test]
    fn what_is_indented_already_and_what_is_no_xml_stay_legible() {
        assert_eq!(indented("<a>\n    <b>1</b>\n</a>\n"), "<a>\n  <b>1</b>\n</a>");
        for text in ["", "no xml", "a > b > c", "<<>>", "</a></a>", "<a", "<ä>ö</ä>"] {
            assert_eq!(indented(text).replace(['\n', ' '], ""), text.replace(' ', ""));
        }
    }
}
