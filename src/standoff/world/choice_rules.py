"""How chances follow from values: the logit, or a rule that a user brings by passing it or as a plug-in.

A rule is a function of the values of an actor's options, its rationality and which options are open; it returns the
chances. A plug-in is an entry point of the group ``standoff.choice_rules``; its name is what `standoff.simulate` and
``standoff run`` take, and what a run folder records. A function can be passed too: a run folder then records where it
comes from, and its days can be played again only by who passes it again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from standoff.errors import StandoffError, nearest
from standoff.plugins import CHOICE_RULES, function_of, plugin_names
from standoff.world.actors import logit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
ChoiceRule = Callable[[Floats, Floats, Bools], Floats]
LOGIT = "logit"
NEAR = 1e-6  # the most by which chances may differ from a sum of 1


def rule_names() -> tuple[str, ...]:
    """Return the names of the choice rules that are there: the logit, then plug-ins by name."""
    return (LOGIT, *(name for name in plugin_names(CHOICE_RULES) if name != LOGIT))


def name_of_rule(rule: str | ChoiceRule) -> str:
    """Return what a run records of a rule: its name, or module and name of a function."""
    if isinstance(rule, str):
        return rule
    if rule is logit:
        return LOGIT
    own = getattr(rule, "__qualname__", type(rule).__qualname__)
    return f"{getattr(rule, '__module__', type(rule).__module__)}:{own}"


def rule_of(rule: str | ChoiceRule) -> ChoiceRule:
    """Return the choice rule of a name, or the function itself.

    Raises StandoffError for a name that is neither the logit's nor a plug-in's, and for a plug-in that fails.
    """
    if not isinstance(rule, str):
        return rule
    if rule == LOGIT:
        return logit
    names = rule_names()
    if rule not in names:
        what = f"there is no choice rule {rule!r}"
        raise StandoffError.of(what, file=CHOICE_RULES, expected=", ".join(names), hint=nearest(rule, names))
    own: ChoiceRule = function_of(CHOICE_RULES, rule, "value, rationality, legal")
    return own


def chances_by_rule(rule: ChoiceRule, value: Floats, rationality: Floats, legal: Bools) -> Floats:
    """Return the chances [r, J] that a rule gives to options of these values [r, J].

    ``rationality`` is [r], or [1] where all have the same; ``legal`` [r, J] says which options are open. What a rule
    of a user returns is held to what chances are: a number from 0 for each option, none where it is not open, 1 in
    sum. Raises StandoffError where they are not, with the first row that fails.
    """
    if rule is logit:
        return logit(value, rationality, legal)
    own = name_of_rule(rule)
    try:
        chances = np.asarray(rule(value.copy(), rationality.copy(), legal.copy()), dtype=np.float64)
    except Exception as error:
        what = f"the choice rule failed: {type(error).__name__}: {error}"
        raise StandoffError.of(what, file=own, expected="chances for each row of values") from error
    expected = f"chances of the shape of the values, {value.shape}: from 0, none where an option is not open, 1 in sum"
    if chances.shape != value.shape:
        raise StandoffError.of(f"its chances have the shape {chances.shape}", file=own, expected=expected)
    wrong = ~np.isfinite(chances) | (chances < 0.0) | ((chances > 0.0) & ~legal)
    bad = wrong.any(axis=1) | (np.abs(chances.sum(axis=1) - 1.0) > NEAR)
    if bad.any():
        row = int(np.argmax(bad))
        what = f"its chances {chances[row].tolist()} of values {value[row].tolist()}, open {legal[row].tolist()}"
        raise StandoffError.of(what, file=own, expected=expected)
    return chances
