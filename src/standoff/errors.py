"""Problems a person can act on: what is wrong, where, what was expected, and the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from standoff.oneline import OneLine

Severity = Literal["error", "warning"]
LONGEST_WORD = 160  # letters without a blank that a message shows
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_LONG_NAME = re.compile(rf"[^/\\\s]{{{LONGEST_WORD + 1},}}")  # in a path, which may be long as a whole
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def _cut(word: re.Match[str]) -> str:
    return f"{word[0][: LONGEST_WORD // 2]}..."


def in_one_line(text: str) -> str:
    """Return a text for a message: values of somebody else's file cannot fill pages, break lines or turn words round.

    A word of more than 160 letters is cut, and what nobody sees (control characters, marks of direction, half a pair
    of UTF-16) is written out.
    """
    if len(text) > LONGEST_WORD:
        text = _LONG_WORD.sub(_cut, text)
    if not text.isprintable():
        text = _UNSEEN.sub(lambda m: m[0].encode("unicode_escape").decode(), text)
    return text


@dataclass(frozen=True, slots=True, repr=False)
class Problem(OneLine):
    """One thing wrong with an input.

    Attributes
    ----------
    file : str
        Relative to the case folder, or the path as the user gave it, or a parameter of a call.
    line : int
        From 1; 0 when the problem belongs to the whole file.
    what, expected, hint : str
        What is wrong, what was expected, and the nearest valid name or the way on.
    check : str
        The check that reports it.
    severity : str
        ``error``, or ``warning`` for what one may go on with.

    Examples
    --------
    >>> from standoff.errors import Problem
    >>> print(Problem("events.csv", 3, "'1.200 people' is not a number", "a number such as 1200"))
    events.csv:3: '1.200 people' is not a number; expected a number such as 1200
    """

    file: str
    line: int
    what: str
    expected: str = ""
    hint: str = ""
    check: str = ""
    severity: Severity = "error"

    def __post_init__(self) -> None:
        for name in ("file", "what", "expected", "hint"):
            text = getattr(self, name)
            if len(text) > LONGEST_WORD or not text.isprintable():
                shown = _UNSEEN.sub("?", _LONG_NAME.sub(_cut, text)) if name == "file" else in_one_line(text)
                object.__setattr__(self, name, shown)

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


_COMMAND_OR_OPTION = re.compile(r"(?<![\w-])(?:(standoff [a-z][^;:,()\n]*)|--([a-z][a-z-]*))")


def in_python(text: str) -> str:
    """Return what a message says to somebody who calls the library: ``--as-of`` is the parameter ``as_of`` there.

    A command that is to be typed, such as ``standoff new FOLDER --from idlib``, stays as it is.
    """
    if "--" not in text:
        return text
    return _COMMAND_OR_OPTION.sub(lambda m: m[1] or m[2].replace("-", "_"), text)


class StandoffError(Exception):
    """Raised with every problem at once; nothing has been written when it is raised.

    Its text is for those who call the library; the command line prints ``problems``, which name its options.

    Parameters
    ----------
    problems : Problem or iterable of Problem
        Kept as ``problems``, a tuple.

    Examples
    --------
    >>> import standoff as so
    >>> try:
    ...     so.load("idlip")
    ... except so.StandoffError as error:
    ...     print(error.problems[0].hint)
    did you mean 'idlib'?
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        every = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(every, key=lambda p: p.sort_key))
        super().__init__("\n".join(in_python(str(p)) for p in self.problems))

    def __reduce__(self) -> tuple[type[StandoffError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # a worker's error comes back to its parent as it was

    @classmethod
    def of(cls, what: str, *, file: str = "", line: int = 0, expected: str = "", hint: str = "") -> StandoffError:
        """Make an error of a single problem.

        Parameters
        ----------
        what, expected, hint : str
            As of a `Problem`.
        file : str
            A file, or the name of an option such as ``--account``.
        line : int
            From 1; 0 for a whole file.

        Returns
        -------
        StandoffError
        """
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


# Words that people use, and those that the lists of a case have for them: no letter of them need be alike.
_EVERYDAY = {
    "air raid": "airstrike", "armistice": "ceasefire", "artillery": "shelling", "attack": "assault",
    "ban": "maintain", "battle": "clash", "bombardment": "shelling", "city": "town", "confirmed": "verified",
    "drone strike": "drone-attack", "duty": "achieve", "explosion": "bombing", "fighting": "clash",
    "guarantee": "achieve",
    "ied": "remote-explosive", "kidnapping": "abduction", "killing": "violence-against-civilians",
    "landmine": "mine", "massacre": "violence-against-civilians", "murder": "violence-against-civilians",
    "negotiation": "meeting", "news": "wire", "newspaper": "wire", "obligation": "achieve", "outlet": "wire",
    "party": "debtor", "prohibition": "maintain", "raid": "ground-assault", "reported": "asserted",
    "rocket": "shelling", "said": "asserted", "siege": "encirclement", "sniper": "small-arms-fire", "talks": "meeting",
    "threatens": "threatened", "truce": "ceasefire", "unconfirmed": "alleged", "unverified": "alleged",
    "village": "town", "obliged": "debtor", "beneficiary": "creditor", "latitude": "lat", "longitude": "lon",
    "killed": "deaths", "fatalities": "deaths", "population": "residents", "distance": "km",
}  # fmt: skip
_BLANKS = re.compile(r"[\s_-]+")


def _folded(name: str) -> str:
    return _BLANKS.sub(" ", name.casefold()).strip()


def closest(name: str, names: Iterable[str]) -> str:
    """Return the name that is meant by one which is none, or nothing where that is not clear.

    It is the same but for capitals and marks between words; or what the lists say for a word of everyday speech; or has
    at most a third of its letters changed; or has the name as a part.
    """
    if len(name) > LONGEST_WORD:
        return ""
    plain = {_folded(one): one for one in names}
    word = _folded(name)
    if word in plain:
        return plain[word]
    if (usual := _EVERYDAY.get(word) or _EVERYDAY.get(word.removesuffix("s"))) and _folded(usual) in plain:
        return plain[_folded(usual)]
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    near = process.extract(word, plain.keys(), scorer=OSA.distance, score_cutoff=max(1, len(word) // 3), limit=8)
    if near and near[0][1] < len(near[0][0]):
        least = [one for one, distance, _ in near if distance == near[0][1]]
        return plain[max(least, key=lambda one: (fuzz.ratio(word, one), -least.index(one)))]
    if len(word) < 3:
        return ""
    parts = (one for one in plain if len(one) > 2 and (f" {word} " in f" {one} " or f" {one} " in f" {word} "))
    return plain[best] if (best := min(parts, key=len, default="")) else ""


_SEVERAL = re.compile(r"\s*[;,|/&+]\s*|\s+and\s+")


def nearest(name: str, names: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """Return a hint that names the closest valid name, or an empty string when nothing is close.

    With ``labels`` (what records are called, folded, to their ids) a name in the place of an id is known, and so are
    several ids in one.
    """
    if labels is not None:
        if (key := labels.get(name.casefold())) is not None:
            return f"did you mean {key!r}, which is called so?"
        names = set(names)
        parts = [part for part in _SEVERAL.split(name) if part]
        if len(parts) > 1 and all(part in names for part in parts):
            return f"several: {'; '.join(parts)} in a table, [{', '.join(parts)}] in YAML"
    close = closest(name, names)
    return f"did you mean {close!r}?" if close else ""
