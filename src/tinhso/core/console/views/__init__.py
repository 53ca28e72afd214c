"""The administrator's pages; each view parses, calls one query or action, and renders."""
