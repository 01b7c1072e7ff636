"""Flee's simsetting.yml, read strictly: an unknown key or a chance above 1 is refused, never ignored."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from standoff.errors import nearest
from standoff.files.yaml import read_yaml
from standoff.people.flee.folder import LONGEST, Finds, cell_in_short
from standoff.people.flee.omissions import FLOODS, omission, omissions
from standoff.people.flee.rules import FleeRules

_CHANCES = ("conflict_movechance", "camp_movechance", "idpcamp_movechance", "default_movechance")
_MOVE = {
    "max_move_speed",
    "foreign_weight",
    "camp_weight",
    "conflict_weight",
    *_CHANCES,
    "softening",
    "weight_softening",
    "distance_power",
    "weight_power",
    "capacity_buffer",
    "capacity_scaling",
}
_SPAWN = {"take_from_population", "insert_day0", "camps_are_sinks"}
# Keys of Flee that must have the value at which they do nothing; anything else is refused rather than ignored.
_OFF: dict[str, Any] = {
    "awareness_level": 1,
    "avoid_short_stints": False,
    "start_on_foot": False,
    "use_v1_rules": False,
    "stay_close_to_home": False,
    "use_pop_for_loc_weight": False,
    "movechance_pop_scale_factor": 0.0,
    "children_avoid_hazards": False,
    "ChildrenAvoidHazards": False,
    "BoysTakeRisk": False,
    "MatchCampEthnicity": False,
    "MatchTownEthnicity": False,
    "MatchConflictEthnicity": False,
    "two_system_decision_making": False,
    "fixed_routes": False,
    "conflict_zone_spawning_only": True,
    "flood_zone_spawning_only": False,
    "read_from_agents_csv_file": False,
    "sum_from_camps": True,
    "conflict_spawn_decay_interval": 30,
}
_IGNORED = {
    "max_walk_speed",
    "max_crossing_speed",
    "home_distance_power",
    "pop_power_for_loc_weight",
    "movechance_pop_base",
}
MOST = 1e9  # of any number; what is larger is a slip of the pen
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|\.inf)|\.nan", re.ASCII)
_GROUPS = ("log_levels", "spawn_rules", "move_rules", "optimisations")


def read_settings(path: Path | None, finds: Finds) -> FleeRules:
    """Read Flee's settings; without a file, those that Flee ships. Notes unknown keys and values out of range."""
    if path is None:
        return FleeRules()
    name = str(path)
    data, lines, problems = read_yaml(path, name)
    finds.problems += problems
    if problems or data == []:  # an empty file sets nothing
        return FleeRules()
    if not isinstance(data, dict):
        finds.error(name, 1, "is not a mapping", "move_rules: and spawn_rules: with their settings")
        return FleeRules()
    values: dict[str, Any] = {}
    for group, entries in data.items():
        if "flood" in group.lower():
            finds.unmodelled(FLOODS, name, lines.at((group,)), f"{cell_in_short(group)}", "no floods")
            continue
        if group in ("number_of_steps", "conflict_input_file", "log_levels"):
            continue
        if group not in _GROUPS:
            hint = nearest(group, _GROUPS)
            finds.error(name, lines.at((group,)), f"unknown part {cell_in_short(group)}", ", ".join(_GROUPS), hint)
            continue
        settings = yaml_value(entries)
        if settings is None:
            continue
        if not isinstance(settings, dict):
            what = f"{group} is {cell_in_short(str(settings))}"
            finds.error(name, lines.at((group,)), what, "settings, each on a line of its own: key: value")
            continue
        for key, value in settings.items():
            _take(name, lines.at((group, key)), group, key, value, values, finds)
    return FleeRules(**values)


def left_out_by(words: Iterable[str]) -> frozenset[str]:
    """Return what ``--without`` leaves out. Raises `StandoffError` for a word that names nothing."""
    return omissions(words, _OFF)


def yaml_value(value: Any) -> Any:
    """Return what a plain text of YAML means: true, false, nothing or a number, as Flee's reader takes it."""
    if isinstance(value, dict):
        return {key: yaml_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [yaml_value(item) for item in value]
    word = value.lower()
    if word in ("", "~", "null"):
        return None
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    if not _NUMBER.fullmatch(word):
        return value
    if len(word) > LONGEST:
        return math.inf
    return int(word) if word.lstrip("+-").isdigit() else float(word.replace(".inf", "inf").replace(".nan", "nan"))


def _take(file: str, line: int, group: str, key: str, value: Any, values: dict[str, Any], finds: Finds) -> None:
    keys = {"spawn_rules": _SPAWN, "move_rules": _MOVE, "optimisations": {"hasten"}}[group]
    if key in _OFF or "flood" in key.lower():
        usual = _OFF.get(key, False)
        if value == usual or (key not in _OFF and not value):
            return
        word = FLOODS if "flood" in key.lower() else omission(key)
        nobody = " (at level 0 nobody moves in Flee)" if key == "awareness_level" and value == 0 else ""
        finds.unmodelled(word, file, line, f"{key}: {_short(value)}{nobody}", f"{usual}")
    elif key == "conflict_driven_spawning":
        _spawning(file, line, value or {}, values, finds)
    elif key == "conflict_spawn_decay":
        if isinstance(value, list) and value and all(is_number(x) and x >= 0 for x in value):
            values[key] = tuple(float(x) for x in value)
        elif value is not None:
            finds.error(file, line, f"{key}: {_short(value)}", "a list of factors of 0 or more")
    elif key in keys:
        _set(file, line, key, value, values, finds)
    elif key not in _IGNORED:
        every = sorted(
            {*_MOVE, *_SPAWN, *_OFF, *_IGNORED, "hasten", "conflict_driven_spawning", "conflict_spawn_decay"}
        )
        finds.error(file, line, f"unknown setting {key!r} in {group}", hint=nearest(key, every))


def _set(file: str, line: int, key: str, value: Any, values: dict[str, Any], finds: Finds) -> None:
    good, expected = is_number(value) and value >= 0, "a number of 0 or more"
    if key in _SPAWN:
        good, expected = isinstance(value, bool), "true or false"
    elif key == "hasten":
        good, expected = type(value) is int and 1 <= value <= MOST, "a whole number of 1 or more"
    elif key in (*_CHANCES, "capacity_buffer"):
        good, expected = good and value <= 1, "a number between 0 and 1"
    elif key in ("max_move_speed", "capacity_scaling"):
        good, expected = good and value > 0, "a number above 0"
    if good:
        values[key] = value if key in _SPAWN or key == "hasten" else float(value)
    else:
        finds.error(file, line, f"{key}: {_short(value)}", expected)


def _spawning(file: str, line: int, block: Any, values: dict[str, Any], finds: Finds) -> None:
    if not isinstance(block, dict):
        finds.error(
            file, line, f"conflict_driven_spawning: {_short(block)}", "spawn_mode and displaced_per_conflict_day"
        )
        return
    mode = str(block.get("spawn_mode", "constant")).lower()
    modes = ("constant", "poisson", "pop_ratio")
    if mode not in modes:
        finds.error(file, line, f"spawn_mode {mode!r}", ", ".join(modes), nearest(mode, modes))
    for key in block:
        if key not in ("spawn_mode", "displaced_per_conflict_day"):
            hint = nearest(str(key), ("spawn_mode", "displaced_per_conflict_day"))
            finds.error(file, line, f"unknown setting {key!r} in conflict_driven_spawning", hint=hint)
    rate = block.get("displaced_per_conflict_day", 0.01 if mode == "pop_ratio" else 500)
    if not is_number(rate) or rate < 0:
        finds.error(file, line, f"displaced_per_conflict_day: {_short(rate)}", "a number of 0 or more")
        return
    values["spawn_mode"] = mode
    values["displaced_per_conflict_day"] = float(rate)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def is_number(value: Any) -> bool:
    """Whether a setting is a finite number that can be meant."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST
