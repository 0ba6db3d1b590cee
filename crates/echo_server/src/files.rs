//! The files of a web app: their types, their compressed twins, and how long a browser may keep them.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use hyper::header::{self, HeaderValue};
use hyper::{Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tower_http::services::fs::{Backend, DefaultServeDirFallback, ServeFileSystemResponseBody};
use tower_http::services::fs::{ServeDir, TokioBackend, TokioFile};
use tracing::warn;

/// A folder with a web app in it.
#[derive(Clone)]
pub(crate) struct Files(ServeDir<DefaultServeDirFallback, Within>);

impl Files {
    /// The app in a folder.
    ///
    /// # Errors
    /// What is wrong with a folder that has no app in it, with its name.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let page = folder.join("index.html");
        let within = Within(folder.to_owned());
        within.file(&page).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!(
                    "The app's page {} can't be read: {error}. The folder has to be one that a web \
                     app was built into.",
                    page.display()
                ),
            )
        })?;
        // A folder without its slash is not redirected: nothing here builds one, and what is never
        // redirected is never redirected elsewhere.
        Ok(Self(
            ServeDir::with_backend(folder, within)
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
        // Also where nothing is sent because nothing has changed: a cache between takes it from there.
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Some(response)
    }
}

/// The files of a folder, without those to which a symbolic link leads out of it.
///
/// The folder itself may be reached by a link, and the link may be set to another folder while the
/// server runs, which is how a new version takes the place of an old one; so it is followed anew for
/// each file.
///
/// Between the look at a file and its opening lies a moment in which a name of its path could be made
/// a link. Whoever can write into the folder is trusted not to: it is the app's author.
#[derive(Clone)]
struct Within(PathBuf);

impl Within {
    /// Where a file really lies, which the path to it doesn't tell.
    fn file(&self, path: &Path) -> io::Result<PathBuf> {
        let real = self.resolve(path)?;
        // A pipe would keep whoever opens it waiting.
        if std::fs::metadata(&real)?.is_file() {
            Ok(real)
        } else {
            Err(io::Error::new(io::ErrorKind::NotFound, "it is no file"))
        }
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};

        let real = path.canonicalize().map_err(|error| match error.kind() {
            // There is no such file either: the name is too long for one, or leads through one.
            InvalidFilename | InvalidInput | NotADirectory => io::Error::new(NotFound, error),
            _ => error,
        })?;
        if real.starts_with(self.0.canonicalize()?) {
            Ok(real)
        } else {
            Err(io::Error::new(NotFound, "a symbolic link leads out of the folder"))
        }
    }
}

impl Backend for Within {
    type File = TokioFile;
    type Metadata = std::fs::Metadata;
    type OpenFuture = Pin<Box<dyn Future<Output = io::Result<TokioFile>> + Send>>;
    type MetadataFuture = Pin<Box<dyn Future<Output = io::Result<std::fs::Metadata>> + Send>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        let within = self.clone();
        Box::pin(async move {
            let real = aside(move || within.file(&path)).await?;
            TokioBackend.open(real).await
        })
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        let within = self.clone();
        Box::pin(aside(move || std::fs::metadata(within.resolve(&path)?)))
    }
}

/// Runs what asks the disk on a thread that may wait for it.
async fn aside<T: Send + 'static>(
    ask: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(ask).await.map_err(io::Error::other)?
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
    /// 64 bits have 16 digits, and trunk leaves out zeros in front: one file in 16 has 15 of them,
    /// one in 256 has 14. Below 12 are one in 65 536, and what people write: dates and versions.
    const DIGITS: usize = 12;

    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(['-', '_', '.']).any(|part| {
        part.len() >= DIGITS
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            // A date with its time has as many digits, and no letter.
            && part.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
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
        for path in [
            "/start-00e1496148409552.js",
            "/a/websocket-echo-6fd0bb8b476b4251_bg.wasm",
            "/websocket-echo-4b5046d110c925_bg.wasm",
        ] {
            assert!(has_hash(path), "{path}");
        }
        for path in [
            "/",
            "/index.html",
            "/00e1496148409552/index.html",
            "/a-20260101.js",
            "/a-20260101123678.js",
            "/a-20260101-123678.js",
            "/a-raisin3678.js",
            "/a-00e14961484.js",
        ] {
            assert!(!has_hash(path), "{path}");
        }
    }
}
