"""tinhso: the digital government of a Vietnamese province."""
