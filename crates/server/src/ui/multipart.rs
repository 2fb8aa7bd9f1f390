//! Forms with a file, as browsers send them (RFC 7578). The whole body is in memory already, within the limit of its page.

/// The boundary between the parts, where the content type says that there are parts.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary="))?;
    Some(boundary.trim_matches('"')).filter(|boundary| !boundary.is_empty())
}

/// The fields in their order, each with its text; `None` for a body that is cut short or no such form. What is not UTF-8
/// becomes U+FFFD, so that whoever reads it can tell the line.
pub(super) fn fields(boundary: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    let mut rest = body.strip_prefix(delimiter.get(2..)?)?;
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let (part, after) = split(rest, &delimiter)?;
        let (head, content) = split(part, b"\r\n\r\n")?;
        fields.push((name(&String::from_utf8_lossy(head))?, String::from_utf8_lossy(content).into_owned()));
        rest = after;
    }
    Some(fields)
}

fn name(head: &str) -> Option<String> {
    let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let name = disposition.split(';').find_map(|parameter| parameter.trim().strip_prefix("name=\""))?;
    Some(name.strip_suffix('"').unwrap_or(name).to_owned())
}

/// What stands before and after the first `separator`.
fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + separator.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=----b7";

    fn read(body: &str) -> Option<Vec<(String, String)>> {
        fields(boundary(TYPE)?, body.as_bytes())
    }

    #[test]
    fn fields_and_files_are_read_as_they_were_sent() {
        let body = "------b7\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\nitems\r\n------b7\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
            a,b\r\n\r\n--,-\r\n\r\n------b7--\r\n";
        let expected = [("list", "items"), ("file", "a,b\r\n\r\n--,-\r\n")];
        assert_eq!(read(body), Some(expected.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()));
        assert_eq!(read("------b7--\r\n"), Some(Vec::new()));
        for cut in 0..body.len() - 4 {
            assert_eq!(read(&body[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_form_with_parts_is_none() {
        for content_type in
            ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary="]
        {
            assert_eq!(boundary(content_type), None, "{content_type}");
        }
        assert_eq!(boundary("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""), Some("a b"));
        for body in ["", "list=items", "------b7\r\nX: y\r\n\r\nz\r\n------b7--", "------b7\r\nname\r\n------b7--"] {
            assert_eq!(read(body), None, "{body}");
        }
        let latin1 = b"------b7\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nM\xfcller\r\n------b7--";
        assert_eq!(fields("----b7", latin1), Some(vec![("file".to_owned(), "M\u{fffd}ller".to_owned())]));
    }
}
