//! The files of a web app: their types, their compressed twins, and how long a browser may keep them.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tower_http::services::fs::{Backend, DefaultServeDirFallback, ServeFileSystemResponseBody};
use tower_http::services::fs::{ServeDir, TokioBackend, TokioFile};
use tracing::warn;

use crate::refusal::Refusal;

/// What the app's page may do (CSP): run what comes from here, WebAssembly too, and nothing that stands in
/// the page itself; connect to any server by WebSocket.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src 'self' blob: data:; font-src 'self'; connect-src 'self' ws: wss:; \
                      manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

/// A folder with a web app in it.
#[derive(Clone)]
pub(crate) struct Files {
    served: ServeDir<DefaultServeDirFallback, Within>,
    within: Within,
}

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
        let served =
            ServeDir::with_backend(folder, within.clone()).precompressed_br().precompressed_gzip();
        Ok(Self { served, within })
    }

    /// The answer to a request for a file; `None` where there is no such file, or none that anybody
    /// should have. With another method than `GET` it has no body.
    ///
    /// # Errors
    /// A file that is there and can't be read.
    pub(crate) async fn get(
        &self,
        request: &Request<()>,
    ) -> Result<Option<Response<ServeFileSystemResponseBody>>, Refusal> {
        let path = request.uri().path();
        if !is_plain(path) {
            return Ok(None);
        }
        let mut headers = request.headers().clone();
        // `ServeDir` answers 416 to what RFC 9110 §14.2 has a server ignore, or lets it.
        if !headers.get(header::RANGE).is_some_and(is_one_range) {
            headers.remove(header::RANGE);
        }
        if headers.contains_key(header::RANGE)
            && let Some(validator) = headers.remove(header::IF_RANGE)
        {
            // `ServeDir` doesn't know the header: a range of what has changed since would be joined to
            // what was there before (RFC 9110 §13.1.5).
            let whole = self.call(request, Method::HEAD, without_conditions(&headers)).await?;
            if !whole.is_some_and(|whole| is_validator_of(&validator, whole.headers())) {
                headers.remove(header::RANGE);
            }
        }
        let method = if request.method() == Method::GET { Method::GET } else { Method::HEAD };
        let Some(mut response) = self.call(request, method, headers).await? else {
            return Ok(None);
        };
        if response.headers().contains_key(header::LOCATION) {
            return Ok(self.redirect(request, response).await);
        }
        let keep = match response.status() {
            // Another content has another name.
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED
                if has_hash(path) =>
            {
                "public, max-age=31536000, immutable"
            }
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => "no-cache",
            // What is said of the request, and not of the file.
            _ => "no-store",
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        // Also where nothing is sent because nothing has changed: a cache between takes it from there.
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        Ok(Some(response))
    }

    async fn call(
        &self,
        request: &Request<()>,
        method: Method,
        headers: HeaderMap,
    ) -> Result<Option<Response<ServeFileSystemResponseBody>>, Refusal> {
        let mut asked = Request::new(());
        *asked.uri_mut() = request.uri().clone();
        *asked.method_mut() = method;
        *asked.headers_mut() = headers;
        match self.served.clone().try_call(asked).await {
            Ok(response) if response.status() == StatusCode::NOT_FOUND => Ok(None),
            Ok(response) => Ok(Some(response)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                warn!(%error, "a file of the app can't be read");
                match error.kind() {
                    // It is for nobody.
                    io::ErrorKind::PermissionDenied => Ok(None),
                    _ => Err(Refusal::unreadable_file()),
                }
            }
        }
    }

    /// Sends who asks for a folder with a page in it to the folder, so that the page's links lead
    /// where they should. The way there is relative, as a proxy may have cut off its beginning.
    async fn redirect(
        &self,
        request: &Request<()>,
        mut response: Response<ServeFileSystemResponseBody>,
    ) -> Option<Response<ServeFileSystemResponseBody>> {
        let uri = request.uri();
        let inner = percent_decode_str(uri.path()).decode_utf8().ok()?;
        let page = self.within.0.join(inner.trim_start_matches('/')).join("index.html");
        let within = self.within.clone();
        aside(move || within.file(&page)).await.ok()?;
        let name = uri.path().rsplit('/').next()?;
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let location = HeaderValue::try_from(format!("{name}/{query}")).ok()?;
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        let headers = response.headers_mut();
        headers.insert(header::LOCATION, location);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Some(response)
    }
}

/// Headers of which none makes the answer to a `HEAD` another than that of the file as it is.
fn without_conditions(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [
        header::RANGE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
    ] {
        headers.remove(name);
    }
    headers
}

/// Whether the value of a `Range` is one range of bytes.
fn is_one_range(value: &HeaderValue) -> bool {
    let range = value.to_str().ok().and_then(|value| value.strip_prefix("bytes=")?.split_once('-'));
    range.is_some_and(|(first, last)| match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => first <= last,
        (Ok(_), Err(_)) => last.is_empty(),
        (Err(_), Ok(_)) => first.is_empty(),
        (Err(_), Err(_)) => false,
    })
}

/// Whether the value of an `If-Range` is that of the file: its tag, or when it was last changed.
fn is_validator_of(validator: &HeaderValue, file: &HeaderMap) -> bool {
    [header::ETAG, header::LAST_MODIFIED].iter().any(|name| file.get(name) == Some(validator))
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
        use io::ErrorKind::{NotFound, PermissionDenied};

        let real = path.canonicalize().map_err(|error| match error.kind() {
            PermissionDenied => error,
            // The name is too long for a file, leads through one or in a circle, or there is none: not
            // each of these has a kind of its own.
            _ => io::Error::new(NotFound, error),
        })?;
        let folder = self.0.canonicalize()?;
        match real.strip_prefix(folder) {
            Ok(inner) if is_hidden(inner) => {
                Err(io::Error::new(NotFound, "a symbolic link leads to a hidden file"))
            }
            Ok(_) => Ok(real),
            Err(_) => Err(io::Error::new(NotFound, "a symbolic link leads out of the folder")),
        }
    }
}

/// Whether a path within the folder, in which no link is left, leads to or through a name that begins
/// with a dot. Names that begin with two are passed through: those are the folders that Kubernetes
/// puts a volume's files into.
fn is_hidden(path: &Path) -> bool {
    let mut names = path.iter().map(|name| name.as_encoded_bytes()).rev();
    let is_hidden = |name: &[u8]| name.starts_with(b".") && name != WELL_KNOWN.as_bytes();
    names.next().is_some_and(is_hidden)
        || names.any(|name| is_hidden(name) && !name.starts_with(b".."))
}

/// What is served though it begins with a dot (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

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
/// separator in it that only shows when it is decoded. A slash at its end is that of a folder.
fn is_plain(path: &str) -> bool {
    let Some(names) = path.strip_prefix('/') else { return false };
    if names.is_empty() {
        return true;
    }
    let names = names.strip_suffix('/').unwrap_or(names);
    names.split('/').enumerate().all(|(at, name)| {
        let Ok(name) = percent_decode_str(name).decode_utf8() else { return false };
        let is_separator = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
        let is_hidden = name.starts_with('.') && !(at == 0 && name == WELL_KNOWN);
        !name.is_empty() && !is_hidden && !name.contains(is_separator)
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
        for path in [
            "/",
            "/a",
            "/a/",
            "/a/b.js",
            "/a%20b",
            "/a..b",
            "/%E9%A3%8E",
            "/.well-known/security.txt",
        ] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "",
            "*",
            "//",
            "//etc/passwd",
            "/a//",
            "/a/.well-known/b",
            "/.well-known/.b",
            "/.well-knowns",
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
            "/a-custom3678.js",
            "/a-00e14961484.js",
        ] {
            assert!(!has_hash(path), "{path}");
        }
    }
}
