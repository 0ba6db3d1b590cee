//! Whether this Linux has dialogs for files. Where it has none, rfd answers as it does where a person thinks better of
//! it, and nobody would know why nothing happens.

use std::env;
use std::ffi::OsStr;
use std::time::Duration;

use zbus::connection::Builder;

/// How long the desktop may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether there is none of the two that rfd asks: the desktop's portal, and the program zenity.
pub(super) async fn are_missing() -> bool {
    !has_program(&env::var_os("PATH").unwrap_or_default(), "zenity")
        && !has_portal(Builder::session()).await
}

fn has_program(path: &OsStr, name: &str) -> bool {
    env::split_paths(path).any(|folder| folder.join(name).is_file())
}

/// A portal may be there without dialogs, where no part of it is made for the desktop that runs.
async fn has_portal(bus: zbus::Result<Builder<'_>>) -> bool {
    let ask = async {
        let bus = bus?.method_timeout(PATIENCE).build().await?;
        bus.call_method(
            Some("org.freedesktop.portal.Desktop"),
            "/org/freedesktop/portal/desktop",
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &("org.freedesktop.portal.FileChooser", "version"),
        )
        .await
    };
    ask.await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_where_one_may_start_it() {
        let path = env::join_paths(["/nowhere", "/bin"]).expect("no colons");
        assert!(has_program(&path, "sh"));
        assert!(!has_program(&path, "no-such-program"));
        assert!(!has_program(OsStr::new("/nowhere"), "sh"));
    }

    #[tokio::test]
    async fn without_a_bus_there_is_no_portal() {
        assert!(!has_portal(Builder::address("unix:path=/nowhere/bus")).await);
        assert!(!has_portal(Builder::address("no address")).await);
    }
}
