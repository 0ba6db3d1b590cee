//! The jobs of this workspace that need more than cargo.

fn main() {}
