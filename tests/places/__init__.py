"""Our own generator of the places in which a key hides: one seeded key per place, in real files and repositories."""
