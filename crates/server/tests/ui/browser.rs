use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt;

use crate::company::TestCompany;

/// A browser: keeps its cookie, says where its forms come from.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) const fn new(router: Router) -> Self {
        Self { router, cookie: None }
    }

    /// A browser in which this person has signed in.
    pub(crate) async fn signed_in(company: &TestCompany, email: &str) -> Self {
        let mut browser = Self::new(company.router());
        let page = browser.post("/login", &[("email", email), ("password", crate::company::PASSWORD)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        browser
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// As a program with a key, and without a cookie.
    pub(crate) async fn get_with(&mut self, authorization: &str, path: &str) -> Page {
        self.send(Request::get(path).header(header::AUTHORIZATION, authorization), Body::empty()).await
    }

    /// Sends a form as a page of this site does.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_from("same-origin", path, fields).await
    }

    pub(crate) async fn post_from(&mut self, site: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Sends a form with a file in its field `file`.
    pub(crate) async fn post_file(&mut self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--b7\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(b"--b7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n");
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--b7--\r\n");
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b7");
        self.send(request, Body::from(body)).await
    }

    /// Presses a button of the form with this id or action on a page, with its hidden fields.
    pub(crate) async fn press(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let hidden = page.hidden_fields(action);
        let all: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(fields.iter().copied()).collect();
        self.post(action, &all).await
    }

    /// Follows a redirect.
    pub(crate) async fn follow(&mut self, page: &Page) -> Page {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let place = page.header("location").to_owned();
        self.get(&place).await
    }

    async fn send(&mut self, mut request: axum::http::request::Builder, body: Body) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a whole body");
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned();
            self.cookie = (!cookie.ends_with('=')).then_some(cookie);
        }
        let body = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Page { status: parts.status, headers: parts.headers, body }
    }
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The hidden fields of the first form with this action.
    pub(crate) fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let form = self
            .body
            .split("<form")
            .find(|form| form.contains(&format!("action=\"{action}\"")) && form.contains("method=\"post\""));
        let form = form.expect("a form").split("</form>").next().expect("its beginning");
        let hidden = form.split("<input type=\"hidden\"").skip(1);
        hidden.map(|field| (attribute(field, "name"), attribute(field, "value"))).collect()
    }

    /// The rows of the grid: status, number, customer, date, amount, note.
    pub(crate) fn rows(&self) -> Vec<String> {
        let rows = self.body.split("<tr data-id=").skip(1).map(|row| row.split("</tr>").next().expect("a row"));
        let cells = |row: &str| {
            let cells = row.split("<td").skip(1).map(|cell| text(&format!("<td{cell}")));
            cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" | ")
        };
        rows.map(cells).collect()
    }

    /// What a person reads, without the markup.
    pub(crate) fn text(&self) -> String {
        let main = self.body.split("<main").nth(1).unwrap_or(&self.body);
        text(main.split("</main>").next().unwrap_or(main))
    }

    pub(crate) fn notice(&self) -> String {
        let notice = self.body.split("<div class=\"notice").nth(2).map(|notice| format!("<div class=\"{notice}"));
        text(notice.unwrap_or_default().split("</p>").next().unwrap_or(""))
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("");
    unescaped(value)
}

fn text(html: &str) -> String {
    let mut shown = String::new();
    let mut is_tag = !html.starts_with('<') && html.contains('>');
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                shown.push(' ');
            }
            _ if is_tag => {}
            _ => shown.push(character),
        }
    }
    unescaped(&shown).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescaped(html: &str) -> String {
    html.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}
