//! The backend of a build without the feature `native`, elsewhere than in a browser: there is no network, no
//! task and no clock. Channels in memory need none.

use crate::close::CloseFrame;
use crate::error::InvalidArgument;
use crate::options::Options;
use crate::queue::Ends;
use crate::request::Request;
use crate::status;

pub use crate::absent::{Runtime, TlsConfig};

/// No URL leads anywhere.
pub(crate) fn check_url(_: &Request) -> Result<(), InvalidArgument> {
    Err(InvalidArgument::NeedsFeature { what: "connecting to a URL", feature: "native" })
}

pub(crate) fn check(_: &Options) -> Result<(), InvalidArgument> {
    Ok(())
}

pub(crate) fn check_close(frame: &CloseFrame) -> Result<(), InvalidArgument> {
    frame.check(status::may_be_sent_by_a_client)
}

/// Not reached, as [`check_url`] comes first.
pub(crate) fn start(_: Request, _: Ends) {}
