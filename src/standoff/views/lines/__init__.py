"""LINES OF A TERMINAL: what each command prints."""
