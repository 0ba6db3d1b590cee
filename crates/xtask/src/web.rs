//! stub
use crate::Result;
pub(crate) fn build_job(_: &[String]) -> Result {
    Ok(())
}
pub(crate) fn serve_job(_: &[String]) -> Result {
    Ok(())
}
