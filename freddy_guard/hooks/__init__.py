"""Who calls us: each git hook, native or under a framework, becomes one source."""
