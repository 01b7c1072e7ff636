"""Problems a person can act on: what is wrong, where, what was expected, and the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from standoff.oneline import OneLine

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, repr=False)
class Problem(OneLine):
    """One thing wrong with an input.

    ``file`` is relative to the case folder (or the path as the user gave it), ``line`` is 1-based and 0 when the
    problem belongs to the whole file.
    """

    file: str
    line: int
    what: str
    expected: str = ""
    hint: str = ""
    check: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{where}: {self.what}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.hint:
            text += f" ({self.hint})"
        return text

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Problems are shown by file, then line."""
        return (self.file, self.line, self.what)


class CaseWarning(UserWarning):
    """A case that is read has warnings; the sentence counts them and has the first few."""


class OldCase(CaseWarning):
    """A case is written as in an older edition: it is read, and the warning says what to change."""


class StandoffError(Exception):
    """Raised with every problem found at once; nothing has been written when it is raised."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        every = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(every, key=lambda p: p.sort_key))
        super().__init__("\n".join(str(p) for p in self.problems))

    @classmethod
    def of(cls, what: str, *, file: str = "", line: int = 0, expected: str = "", hint: str = "") -> StandoffError:
        """Make an error of a single problem; ``file`` may be the name of an option such as ``--account``."""
        return cls(Problem(file or "standoff", line, what, expected, hint))


def digest(problems: Iterable[Problem], per_file: int = 20) -> Iterator[str]:
    """Yield the first problems of each file, a line each, then how many more that file has."""
    count: dict[str, int] = {}
    for problem in problems:
        count[problem.file] = count.get(problem.file, 0) + 1
        if count[problem.file] <= per_file:
            yield f"{problem.severity}: {problem}"
    for file, many in count.items():
        if many > per_file:
            yield f"{file}: {many} problems, of which the first {per_file} are shown"


def caution(warnings: Iterable[object], most: int = 3) -> str:
    """Return one sentence with the number of warnings and the first few; empty where there is none.

    It stands in everything that is made from a case with warnings.
    """
    texts = [str(warning) for warning in warnings]
    if not texts:
        return ""
    more = f"; and {len(texts) - most} more, which standoff check lists" if len(texts) > most else ""
    return f"This case has {len(texts)} warning{'' if len(texts) == 1 else 's'}: {'; '.join(texts[:most])}{more}."


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint that names the closest valid name, or an empty string when nothing is close."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""
