//! What is on the screen: draws the state it is given and returns what the person did.

pub mod material;
