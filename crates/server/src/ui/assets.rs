//! The style, the scripts and the icon: part of the binary, below an address that changes with any of them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const YEAR: &str = "public, max-age=31536000, immutable";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

macro_rules! asset {
    ($name:literal, $content_type:expr) => {
        Asset { name: $name, content_type: $content_type, content: include_str!(concat!("../../static/", $name)) }
    };
}

/// The scripts name each other, so all assets share one folder and its hash.
static ASSETS: [Asset; 9] = [
    asset!("bookferry.css", STYLE),
    asset!("bookferry.js", SCRIPT),
    asset!("columns.js", SCRIPT),
    asset!("drawer.js", SCRIPT),
    asset!("keys.js", SCRIPT),
    asset!("live.js", SCRIPT),
    asset!("selection.js", SCRIPT),
    asset!("words.js", SCRIPT),
    asset!("ferry.svg", "image/svg+xml"),
];

static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let all =
        ASSETS.iter().fold(Sha256::new(), |hash, asset| hash.chain_update(asset.name).chain_update(asset.content));
    all.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// Where the assets are, for the templates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assets;

impl Assets {
    /// Without a slash at its end.
    pub(super) fn folder(self) -> String {
        format!("/static/{}", *FOLDER)
    }

    /// The scripts that the first one asks for, so that the browser need not wait to learn of them.
    pub(super) fn further_scripts(self) -> impl Iterator<Item = &'static str> {
        ASSETS
            .iter()
            .filter(|asset| asset.content_type == SCRIPT && asset.name != "bookferry.js")
            .map(|asset| asset.name)
    }
}

pub(super) async fn serve(Path((folder, name)): Path<(String, String)>, request: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| folder == *FOLDER && asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{folder}\"");
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{ASSETS, SCRIPT, STYLE};

    #[test]
    fn scripts_and_style_stay_small_on_their_way() {
        for (content_type, bytes_max) in [(SCRIPT, 30_000), (STYLE, 20_000)] {
            let mut bytes = 0;
            for asset in ASSETS.iter().filter(|asset| asset.content_type == content_type) {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(asset.content.as_bytes()).expect("memory is written to");
                bytes += encoder.finish().expect("compressed").len();
            }
            assert!(bytes > 0 && bytes < bytes_max, "{content_type}: {bytes} bytes compressed, of {bytes_max}");
        }
    }
}
