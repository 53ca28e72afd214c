"""The only reads of this room, one file for each thing."""
