"""WHAT MATCHES: from the words of a commitment to the events that count for it."""
