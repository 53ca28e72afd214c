"""Pages, one file for each thing."""
