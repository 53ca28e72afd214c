"""Plain Python used everywhere: no Django, no database, no clock of its own."""
