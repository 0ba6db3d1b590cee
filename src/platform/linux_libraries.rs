//! The shared libraries that a window needs on Linux, which are looked for when it opens: which of them is
//! missing, and what it is called where packages come from.
//!
//! Whoever opens the window finds that out as well, and panics at some of them, or says so of all of them in
//! one sentence. They are opened here by the same crates, and stay open, so that it costs nothing to ask.

use std::env;

use x11_dl::{xcursor::Xcursor, xinput2::XInput2, xlib::Xlib, xlib_xcb::Xlib_xcb};
use xkbcommon_dl::{x11::xkbcommon_x11_option, xkbcommon_option};

/// A library, by the names under which it is known and installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Library {
    /// What the library calls itself.
    pub(super) name: &'static str,
    /// Its package in Debian and what comes from it.
    pub(super) debian: &'static str,
    /// Its package in Fedora and what is like it.
    pub(super) fedora: &'static str,
}

/// No library of its own: which of them draws is found out when there is a window to draw into.
pub(super) const OPENGL: Library = Library {
    name: "OpenGL",
    debian: "libgl1 libegl1 libgl1-mesa-dri",
    fedora: "libglvnd-glx libglvnd-egl mesa-dri-drivers",
};

/// A library, and whether it is there.
type Needed = (Library, fn() -> bool);

const fn needed(
    name: &'static str,
    debian: &'static str,
    fedora: &'static str,
    is_there: fn() -> bool,
) -> Needed {
    (Library { name, debian, fedora }, is_there)
}

static FOR_X11: [Needed; 6] = [
    needed("libX11", "libx11-6", "libX11", || Xlib::open().is_ok()),
    needed("libXcursor", "libxcursor1", "libXcursor", || Xcursor::open().is_ok()),
    needed("libX11-xcb", "libx11-xcb1", "libX11-xcb", || Xlib_xcb::open().is_ok()),
    needed("libXi", "libxi6", "libXi", || XInput2::open().is_ok()),
    needed("libxkbcommon", "libxkbcommon0", "libxkbcommon", || xkbcommon_option().is_some()),
    needed("libxkbcommon-x11", "libxkbcommon-x11-0", "libxkbcommon-x11", || {
        xkbcommon_x11_option().is_some()
    }),
];

static FOR_WAYLAND: [Needed; 3] = [
    needed("libwayland-client", "libwayland-client0", "libwayland-client", || {
        wayland_sys::client::is_lib_available()
    }),
    needed("libwayland-egl", "libwayland-egl1", "libwayland-egl", || {
        wayland_sys::egl::is_lib_available()
    }),
    needed("libxkbcommon", "libxkbcommon0", "libxkbcommon", || xkbcommon_option().is_some()),
];

/// The first library that the window would miss, on the display that the environment names. `None` where
/// all are there, or where no display is named.
pub(super) fn missing() -> Option<Library> {
    let is_named = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    // Wayland comes first wherever it is named, as it does for whoever opens the window.
    let needed: &[Needed] = if is_named("WAYLAND_DISPLAY") || is_named("WAYLAND_SOCKET") {
        &FOR_WAYLAND
    } else if is_named("DISPLAY") {
        &FOR_X11
    } else {
        &[]
    };
    needed.iter().find(|(_, is_there)| !is_there()).map(|(library, _)| *library)
}
