//! StreamBuilder for egui: the UI is rebuilt from the latest event of any futures::Stream, and only then.
