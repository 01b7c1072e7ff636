"""Standoff: evidence-linked, executable models of armed standoffs."""

__version__ = "0.1.0"
