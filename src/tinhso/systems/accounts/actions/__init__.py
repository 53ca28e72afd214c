"""The only writes of this room, one file for each thing."""
