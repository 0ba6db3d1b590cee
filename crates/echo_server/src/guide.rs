//! The page that a browser gets at `/`: what there is, what each parameter may be, and an example.

use crate::endpoints::{STATUS_RULE, offered};

/// The page, of HTML. `origin` is how the client reaches the server, such as `ws://host:9001`;
/// `without` are the paths that the server does without.
pub(crate) fn page(origin: &str, without: &[String]) -> String {
    let has = |path: &str| !without.iter().any(|other| other == path);
    let mut rows = String::new();
    for endpoint in offered(without) {
        let rules: Vec<String> = endpoint.parameters.iter().map(|(_, rule)| rule()).collect();
        rows += &row(&endpoint.paths.join(", "), endpoint.about, &rules, origin, endpoint.example);
    }
    if has("/status") {
        rows += &row(
            "/status/…",
            "Refuses the handshake with a status of your choice, as a server does that wants a \
             password or is overloaded.",
            &[STATUS_RULE.to_owned()],
            origin,
            "/status/401",
        );
    }
    for (path, about) in [
        ("/healthz", "For machines, by plain HTTP: whether the server takes connections."),
        ("/metrics", "For Prometheus, by plain HTTP: what the server has counted."),
    ] {
        if has(path) {
            rows += &format!("<h2>{path}</h2>\n<p>{about}</p>\n");
        }
    }
    format!(
        "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>WebSocket echo server</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; \
color-scheme: light dark; }}
  h2 {{ font: 600 1.1rem/1.5 ui-monospace, monospace; margin: 2rem 0 0; }}
  p, ul {{ margin: .25rem 0; }}
  code {{ font-family: ui-monospace, monospace; overflow-wrap: anywhere; }}
</style>
<h1>WebSocket echo server</h1>
<p>For trying a WebSocket client. Open one of these addresses with it:</p>
{rows}</html>
"
    )
}

fn row(paths: &str, about: &str, rules: &[String], origin: &str, example: &str) -> String {
    let rules: String = rules.iter().map(|rule| format!("<li>{}</li>\n", escape(rule))).collect();
    let rules = if rules.is_empty() { rules } else { format!("<ul>\n{rules}</ul>\n") };
    format!(
        "<h2>{}</h2>\n<p>{}</p>\n{rules}<p><code>{}{}</code></p>\n",
        escape(paths),
        escape(about),
        escape(origin),
        escape(example)
    )
}

/// A text as it is written in HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_endpoint_its_bounds_and_an_example() {
        let page = page("ws://server:3678", &[]);
        for part in [
            "<h2>/, /echo</h2>",
            "<code>ws://server:3678/ticker?every=100ms&amp;count=5</code>",
            "<li>by is a time, such as 100ms, 2s or 5m, from 1ms to 1m; without it, 1s.</li>",
            "<h2>/status/…</h2>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert_eq!(page.matches("<h2>").count(), crate::endpoints::GUIDE.len() + 3);
    }

    #[test]
    fn what_the_client_says_of_itself_becomes_no_markup() {
        let page = page("ws://<script>\"'&", &[]);
        assert!(page.contains("ws://&lt;script&gt;&quot;&#39;&amp;/echo"), "{page}");
    }
}
