"""WHAT WAS PROMISED OR THREATENED: event patterns, daily facts, the ledger and its verdicts."""
