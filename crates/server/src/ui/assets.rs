//! The style, the script and the icon: part of the binary, at addresses that change with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const YEAR: &str = "public, max-age=31536000, immutable";

struct Asset {
    /// The hash comes before the last dot of this name.
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

const STYLE: Asset = Asset {
    name: "bookferry.css",
    content_type: "text/css; charset=utf-8",
    content: include_str!("../../static/bookferry.css"),
};
const SCRIPT: Asset = Asset {
    name: "bookferry.js",
    content_type: "text/javascript; charset=utf-8",
    content: include_str!("../../static/bookferry.js"),
};
const ICON: Asset =
    Asset { name: "ferry.svg", content_type: "image/svg+xml", content: include_str!("../../static/ferry.svg") };

static STYLE_NAME: LazyLock<String> = LazyLock::new(|| STYLE.hashed_name());
static SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| SCRIPT.hashed_name());
static ICON_NAME: LazyLock<String> = LazyLock::new(|| ICON.hashed_name());

/// File names of the assets, for the templates; they are served under `/static/`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assets;

impl Assets {
    pub(super) fn style(self) -> &'static str {
        &STYLE_NAME
    }

    pub(super) fn script(self) -> &'static str {
        &SCRIPT_NAME
    }

    pub(super) fn icon(self) -> &'static str {
        &ICON_NAME
    }
}

pub(super) async fn serve(Path(name): Path<String>, request: HeaderMap) -> Response {
    let known = [(&STYLE_NAME, STYLE), (&SCRIPT_NAME, SCRIPT), (&ICON_NAME, ICON)];
    let Some((_, asset)) = known.into_iter().find(|(known, _)| ***known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(YEAR)),
    ];
    let has_it = request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if has_it {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, asset.content).into_response()
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

impl Asset {
    fn hashed_name(&self) -> String {
        let hash: String =
            Sha256::digest(self.content.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        match self.name.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
            None => self.name.to_owned(),
        }
    }
}
