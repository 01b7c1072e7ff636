"""The invented case of the folder above."""

from __future__ import annotations
