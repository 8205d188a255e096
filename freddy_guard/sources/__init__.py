"""Where bytes come from: each source reads one kind of place and says what it read, and what it could not."""
