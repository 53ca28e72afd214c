"""Stand-ins for services of the state that cannot be reached from here; each says on every page what it is."""
