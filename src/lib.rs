//! The echo page.
