//! The echo page.

pub mod view;
