"""The only reads of the one-stop."""
