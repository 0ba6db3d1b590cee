//! What may stand beside the page, or below it.
//!
//! - [`rebuilds`]: how events become frames;
//! - [`lesson`]: the four steps.

pub mod lesson;
pub mod rebuilds;
