"""The only writes of the one-stop."""
