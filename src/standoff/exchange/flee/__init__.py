"""Flee's files (github.com/djgroen/flee, BSD-3): input folders, reported counts, settings and ``out.csv``."""
