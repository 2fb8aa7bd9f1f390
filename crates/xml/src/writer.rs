use std::fmt::{self, Display, Write as _};

/// Writes a document: ASCII only, with no white space that was not asked for.
///
/// Everything beyond ASCII becomes a numeric reference, so that a document means the same under whatever encoding the
/// other side believes it has. An element without content is written self-closed: QuickBooks refuses
/// `PreferencesQueryRq` with a blank inside (qbxml.md section 5).
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    /// A start tag that still lacks its `>`.
    tag_is_open: bool,
}

impl Writer {
    pub fn new() -> Self {
        Self::default()
    }

    /// A writer whose document will not have to grow below `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), tag_is_open: false }
    }

    /// `<?xml version="1.0" encoding="utf-8"?>`, which must be the first thing written.
    pub fn declaration(&mut self) {
        self.out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    }

    /// A processing instruction such as `<?qbxml version="13.0"?>`.
    pub fn instruction(&mut self, target: &str, content: &str) {
        self.close_tag();
        let _ = write!(self.out, "<?{target} {content}?>");
    }

    /// Opens an element. `name` is one of ours, never outside input.
    pub fn start(&mut self, name: &str) {
        self.close_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.tag_is_open = true;
    }

    /// Adds an attribute to the element just opened.
    pub fn attribute(&mut self, name: &str, value: &str) {
        assert!(self.tag_is_open, "an attribute belongs to a start tag");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_into(&mut self.out, value, true);
        self.out.push('"');
    }

    /// Adds text to the open element.
    pub fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.close_tag();
        escape_into(&mut self.out, text, false);
    }

    pub fn end(&mut self, name: &str) {
        if self.tag_is_open {
            self.out.push_str("/>");
            self.tag_is_open = false;
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// An element that holds only text.
    pub fn element(&mut self, name: &str, text: &str) {
        self.start(name);
        self.text(text);
        self.end(name);
    }

    /// An element that holds only a value, such as a number.
    pub fn value(&mut self, name: &str, value: impl Display) {
        self.start(name);
        let _ = write!(Content(self), "{value}");
        self.end(name);
    }

    pub fn finish(mut self) -> String {
        self.close_tag();
        self.out
    }

    fn close_tag(&mut self) {
        if self.tag_is_open {
            self.out.push('>');
            self.tag_is_open = false;
        }
    }
}

/// Takes what is written to it as text of the open element.
struct Content<'a>(&'a mut Writer);

impl fmt::Write for Content<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.text(text);
        Ok(())
    }
}

/// Characters that XML 1.0 cannot hold at all are left out: written as references they would make the other side's
/// parser throw. Who must not lose them checks before writing; qbXML's text types do.
fn escape_into(out: &mut String, text: &str, in_attribute: bool) {
    let mut rest = text;
    while let Some(place) = rest.bytes().position(|byte| !is_plain(byte, in_attribute)) {
        let (plain, from_there) = rest.split_at(place);
        out.push_str(plain);
        let mut characters = from_there.chars();
        match characters.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            Some(character) if !is_illegal(character) => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            Some(_) | None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

/// A literal carriage return would be read back as a line feed, and a literal tab or line feed in an attribute as a blank.
/// The first byte of a character beyond ASCII is not plain either.
fn is_plain(byte: u8, in_attribute: bool) -> bool {
    match byte {
        b'&' | b'<' | b'>' | b'\r' => false,
        b'"' | b'\t' | b'\n' => !in_attribute,
        _ => byte.is_ascii() && !byte.is_ascii_control(),
    }
}

fn is_illegal(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
