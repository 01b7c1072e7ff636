"""WHAT A PERSON READS: words, chart data, the terminal page and the report. Pure functions of results."""
