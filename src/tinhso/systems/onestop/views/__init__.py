"""Pages of the one-stop: parse, one call, render."""
