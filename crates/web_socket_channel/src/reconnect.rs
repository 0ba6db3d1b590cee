//! A channel that connects again when its connection is lost: so far what is pure in it.
#![allow(dead_code, reason = "the driver follows")]

mod cause;
mod ledger;
mod machine;
mod policy;

use policy::Policy;

/// What lasts while connections come and go.
pub struct Link;

/// The channel.
pub struct ReconnectingChannel;
