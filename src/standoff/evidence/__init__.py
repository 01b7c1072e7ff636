"""WHO SAYS WHAT: anchors, source chains, accounts, contradictions and disputes."""
