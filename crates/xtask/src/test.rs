//! stub
use crate::Result;
pub(crate) fn job(_: &[String]) -> Result {
    Ok(())
}
pub(crate) fn steps_help() -> String {
    String::new()
}
