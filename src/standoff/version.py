"""The edition of the program, which reports, run folders and pages name."""

VERSION = "0.13.0"
