//! The files of a web app: their types, their compressed twins, and how long a browser may keep them.

use std::io;
use std::path::Path;

use hyper::header::{self, HeaderValue};
use hyper::{Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tower_http::services::ServeDir;
use tower_http::services::fs::ServeFileSystemResponseBody;
use tracing::warn;

/// A folder with a web app in it.
#[derive(Clone)]
pub(crate) struct Files(ServeDir);

impl Files {
    /// The app in a folder.
    ///
    /// # Errors
    /// What is wrong with a folder that has no app in it, with its name.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let page = folder.join("index.html");
        let metadata = std::fs::metadata(&page).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!(
                    "The app's page {} can't be read: {error}. The folder has to be one that a web \
                     app was built into.",
                    page.display()
                ),
            )
        })?;
        if !metadata.is_file() {
            return Err(io::Error::other(format!("{} is no file.", page.display())));
        }
        // A folder without its slash is not redirected: nothing here builds one, and what is never
        // redirected is never redirected elsewhere.
        Ok(Self(
            ServeDir::new(folder)
                .precompressed_br()
                .precompressed_gzip()
                .redirect_to_trailing_slash(false),
        ))
    }

    /// The answer to a `GET` or `HEAD`; `None` where there is no such file, or none that anybody
    /// should have.
    pub(crate) async fn get(
        &self,
        request: Request<()>,
    ) -> Option<Response<ServeFileSystemResponseBody>> {
        let path = request.uri().path().to_owned();
        if !is_plain(&path) {
            return None;
        }
        let response = self.0.clone().try_call(request).await;
        let mut response = response
            .inspect_err(|error| warn!(%error, "a file of the app can't be read"))
            .ok()
            .filter(|response| response.status() != StatusCode::NOT_FOUND)?;
        let keep = if has_hash(&path) {
            // Another content has another name.
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Some(response)
    }
}

/// Whether a path leads down from the folder, by names only: none of them empty, hidden, or with a
/// separator in it that only shows when it is decoded.
fn is_plain(path: &str) -> bool {
    let Some(names) = path.strip_prefix('/') else { return false };
    if names.is_empty() {
        return true;
    }
    names.split('/').all(|name| {
        let Ok(name) = percent_decode_str(name).decode_utf8() else { return false };
        let is_separator = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
        !name.is_empty() && !name.starts_with('.') && !name.contains(is_separator)
    })
}

/// Whether a file is named after its content, as the files of a built app are:
/// `start-00e1496148409552.js`.
fn has_hash(path: &str) -> bool {
    /// As many digits as 64 bits have; fewer may be a date or a number of its author's.
    const DIGITS: usize = 16;

    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(['-', '_', '.'])
        .any(|part| part.len() >= DIGITS && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_down_by_names_only() {
        for path in ["/", "/a", "/a/b.js", "/a%20b", "/a..b", "/%E9%A3%8E"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "",
            "*",
            "//",
            "//etc/passwd",
            "/a/",
            "/..",
            "/../a",
            "/a/../b",
            "/%2e%2e/a",
            "/.%2e/a",
            "/a%2f..%2fb",
            "/%2Fetc/passwd",
            "/..%5ca",
            "/a%5Cb",
            "/c:/a",
            "/a%00.html",
            "/.git/config",
            "/a/.env",
            "/%ff",
            "/a%0d%0ab",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }

    #[test]
    fn only_what_is_named_after_its_content_is_kept_for_ever() {
        for path in ["/start-00e1496148409552.js", "/a/websocket-echo-6fd0bb8b476b4251_bg.wasm"] {
            assert!(has_hash(path), "{path}");
        }
        for path in [
            "/",
            "/index.html",
            "/00e1496148409552/index.html",
            "/a-20260101.js",
            "/a-00e149614840955.js",
        ] {
            assert!(!has_hash(path), "{path}");
        }
    }
}
