use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use bookferry_sync::cause::Remedy;
use bookferry_sync::id::RecordId;
use jiff::Timestamp;

use crate::office::Office;

const EMAIL: &str = "dana@ridgeline.example";
const PASSWORD: &str = "correct horse battery staple";

/// Somebody at the Sync Manager, who mends by pressing its buttons.
pub(crate) struct Bookkeeper {
    cookie: String,
    form_token: String,
}

impl Bookkeeper {
    pub(crate) fn sign_in(office: &Office) -> Self {
        office.add_person(EMAIL, PASSWORD);
        Self::again(office)
    }

    /// The same person, on a later day.
    pub(crate) fn again(office: &Office) -> Self {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("email", EMAIL), ("password", PASSWORD)])
            .finish();
        let (status, headers, page) = office.browse(post("/login", &form, ""));
        assert_eq!(status, 303, "{page}");
        let cookie = headers.get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let mut somebody = Self { cookie, form_token: String::new() };
        let page = somebody.read(office, "attention");
        let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        token.unwrap_or_default().clone_into(&mut somebody.form_token);
        somebody
    }

    /// A page of the company's.
    pub(crate) fn read(&self, office: &Office, place: &str) -> String {
        let path = format!("/companies/{}/{place}", office.company);
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).expect("a request");
        let (status, _, page) = office.browse(request);
        assert_eq!(status, 200, "{place}: {page}");
        page
    }

    /// Presses a button for one record, on the page that it leads to where it asks first; what is told afterwards.
    pub(crate) fn mend(&self, office: &Office, remedy: Remedy, id: RecordId, fields: &[(&str, &str)]) -> String {
        if remedy.asks_first() {
            let page = self.ask(office, remedy, id);
            assert!(page.contains(remedy.preview().split('.').next().unwrap_or_default()), "{page}");
        }
        let action = if remedy.asks_first() { "attention/mend" } else { "attention" };
        let (status, headers, page) = self.press(office, action, remedy, id, fields);
        assert_eq!(status, 303, "{remedy:?}: {page}");
        headers.get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// The page to which a button that asks first leads.
    pub(crate) fn ask(&self, office: &Office, remedy: Remedy, id: RecordId) -> String {
        let (status, _, page) = self.press(office, "attention", remedy, id, &[]);
        assert_eq!(status, 200, "{remedy:?}: {page}");
        page
    }

    fn press(
        &self,
        office: &Office,
        action: &str,
        remedy: Remedy,
        id: RecordId,
        fields: &[(&str, &str)],
    ) -> (u16, HeaderMap, String) {
        let (id, version) = (id.to_string(), office.record(id).record.line.version.to_string());
        let common =
            [("form_token", self.form_token.as_str()), ("deed", remedy.as_str()), ("id", &id), ("version", &version)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(common).extend_pairs(fields).finish();
        office.browse(post(&format!("/companies/{}/{action}", office.company), &form, &self.cookie))
    }

    /// Takes the last mending of the record back; what is told afterwards.
    pub(crate) fn undo(&self, office: &Office, id: RecordId) -> String {
        let mended = office.wait_for(office.store.last_mending(office.company, id)).expect("read");
        self.undo_at(office, mended.expect("something to take back").at, id)
    }

    pub(crate) fn undo_at(&self, office: &Office, at: Timestamp, id: RecordId) -> String {
        let (at, id) = (at.as_microsecond().to_string(), id.to_string());
        let fields = [("form_token", self.form_token.as_str()), ("at", &at), ("id", &id)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let path = format!("/companies/{}/attention/undo", office.company);
        let (status, headers, page) = office.browse(post(&path, &form, &self.cookie));
        assert_eq!(status, 303, "{page}");
        headers.get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or_default().to_owned()
    }
}

fn post(path: &str, form: &str, cookie: &str) -> Request<Body> {
    Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .body(Body::from(form.to_owned()))
        .expect("a request")
}
