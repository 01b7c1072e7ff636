"""What other packages add: entry points of the groups that Standoff reads, loaded with an error that names them."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

from standoff.errors import StandoffError

CHECKS = "standoff.checks"  # modules that register checks as they are imported
HEADERS = "standoff.headers"  # columns of an organisation's own export
READERS = "standoff.readers"  # named by a suffix: rows of a file that Standoff does not read
BASELINES = "standoff.baselines"  # forecasts of counts that ours are scored beside
CHOICE_RULES = "standoff.choice_rules"  # how chances follow from values
GROUPS = (CHECKS, HEADERS, READERS, BASELINES, CHOICE_RULES)


@cache
def plugin_points(group: str) -> dict[str, metadata.EntryPoint]:
    """Return the entry points of a group by name; they are looked up once."""
    return {point.name: point for point in sorted(metadata.entry_points(group=group), key=lambda point: point.name)}


def plugin_names(group: str) -> tuple[str, ...]:
    """Return the names of the plug-ins of a group, sorted."""
    return tuple(plugin_points(group))


def load_plugin(group: str, name: str) -> Any:
    """Return what the plug-in of that name is. Raises StandoffError where it is not there or cannot be imported."""
    if name not in plugin_points(group):
        expected = ", ".join(plugin_names(group)) or f"a package with an entry point of the group {group}"
        raise StandoffError.of("there is no such plug-in", file=f"{group}:{name}", expected=expected)
    try:
        return plugin_points(group)[name].load()
    except Exception as error:
        what = f"it cannot be imported: {type(error).__name__}: {error}"
        raise StandoffError.of(what, file=f"{group}:{name}", expected="a plug-in that is whole") from error


def function_of(group: str, name: str, takes: str) -> Any:
    """Return the function that a plug-in is. Raises StandoffError where it is none; ``takes`` names its arguments."""
    loaded = load_plugin(group, name)
    if not callable(loaded):
        what = f"it is {type(loaded).__name__}, not a function"
        raise StandoffError.of(what, file=f"{group}:{name}", expected=f"a function ({takes})")
    return loaded
