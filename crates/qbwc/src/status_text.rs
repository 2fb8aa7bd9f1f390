const CHARS_MAX: usize = 250;

/// A text as the Web Connector's status column and log can show it: one line, not too long, not empty, and not a word that
/// the Web Connector obeys.
pub(crate) fn plain(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let line = words.join(" ");
    if line.is_empty() {
        return "The visit has ended.".to_owned();
    }
    if line.eq_ignore_ascii_case(crate::NO_OP) || line.eq_ignore_ascii_case(crate::INTERACTIVE_MODE) {
        return format!("{line}.");
    }
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn texts_are_made_fit_for_the_status_column() {
        assert_eq!(plain("All\r\n\tdone \u{1}"), "All done");
        assert_eq!(plain(" "), "The visit has ended.");
        assert_eq!(plain("noop"), "noop.");
        assert_eq!(plain("Interactive mode"), "Interactive mode.");
        assert_eq!(plain(&"é".repeat(300)), format!("{}...", "é".repeat(250)));
    }
}
