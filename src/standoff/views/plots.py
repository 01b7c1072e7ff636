"""Pictures for those who call the library: shown by a notebook, written as .svg, .png, .pdf or .csv."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from standoff.case.model import Case
from standoff.case.read import load
from standoff.errors import StandoffError, nearest
from standoff.runs.results import Run
from standoff.runs.sweep import SweepPoint
from standoff.text.sentences import count, day, number, rounded
from standoff.version import VERSION
from standoff.views import charts
from standoff.views.charts import Figure, figure
from standoff.views.figures import svg_file
from standoff.views.paper import write_file
from standoff.views.press import pdf_of, png_of

ENDINGS = (".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True, repr=False)
class Plot:
    """A figure: ``title`` says what it shows, ``svg()`` is its picture; `save` writes it."""

    figure: Figure

    def __repr__(self) -> str:
        return f"<Plot: {self.title}>"

    @property
    def title(self) -> str:
        """The finding in words."""
        return str(self.figure["title"])

    def svg(self) -> str:
        """Return the picture as SVG, with its title and source."""
        return svg_file(self.figure)

    def save(self, file: str | Path) -> Path:
        """Write the picture as the ending of a file says. Raises StandoffError for another one than svg, png, pdf."""
        path = Path(file)
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            hint = nearest(ending, ENDINGS)
            raise StandoffError.of("this ending says no kind of picture", file=str(path), expected=", ".join(ENDINGS),
                                   hint=hint)  # fmt: skip
        svg = self.svg()
        write_file(path, svg.encode() if ending == ".svg" else png_of(svg) if ending == ".png" else pdf_of(svg))
        return path

    def _repr_svg_(self) -> str:
        return self.svg()


def plot_of_run(run: Run, kind: str = "displacement", *, scenario: str = "", case: Case | None = None) -> Plot:
    """Return a picture of a run.

    Parameters
    ----------
    kind
        ``displacement`` (people newly displaced by day), ``outlook`` (outcomes), ``breaks`` (promises broken).
    scenario
        One of the run; empty: its first.
    case
        The case it was run on. Default: the one that `standoff.simulate` had, or the shipped case of its name.

    Raises
    ------
    StandoffError
        For an unknown kind or scenario, and where the run holds nothing of the kind.
    """
    kinds = {"displacement": charts.fan, "outlook": charts.outlook, "breaks": charts.breaks}
    if kind not in kinds:
        raise StandoffError.of(f"there is no picture {kind!r}", expected=", ".join(kinds), hint=nearest(kind, kinds))
    if scenario and scenario not in run.scenarios:
        hint = nearest(scenario, run.scenarios)
        raise StandoffError.of(f"no scenario {scenario!r}", expected=", ".join(run.scenarios), hint=hint)
    own = case or run.case or load(run.meta["case"]["id"])
    drawn = kinds[kind](own, run, scenario)
    if drawn is None:
        raise StandoffError.of(f"the run holds nothing for {kind!r}", expected="a case with places and options")
    return Plot(drawn)


def plot_of_sweep(points: Sequence[SweepPoint]) -> Plot:
    """Return the picture of a sweep. Raises StandoffError where there are no points."""
    if not points:
        raise StandoffError.of("a sweep without points has no picture", expected="one point at least")
    first, last = points[0], points[-1]
    several = len({p.account for p in points}) > 1
    rows = [
        {
            "name": f"{p.account}, {number(p.value)}" if several else number(p.value),
            "low": p.low,
            "high": p.high,
            "middle": p.median,
            "usual": first.median,
            "words": f"{rounded(p.median, 3):,.0f} ({rounded(p.low, 3):,.0f} to {rounded(p.high, 3):,.0f})",
        }
        for p in points
    ]
    return Plot(
        figure(
            f"sweep-{first.parameter}".replace(".", "-"),
            "ranges",
            title=f"{first.title}, with {first.parameter} from {number(first.value)} to {number(last.value)}, "
            "in this model",
            definition=f"After {count(first.days, 'day')} from {day(first.start)}; the random numbers are the same for "
            "each value. It tells how the model reacts, not what would happen.",
            source=f"Standoff {VERSION}",
            as_of=day(first.start),
            n=f"n = {count(first.n, 'run')} each",
            columns=("account", first.parameter, "median", "low", "high"),
            rows=[[p.account, p.value, p.median, p.low, p.high] for p in points],
            data={"rows": rows, "key": "Dot: the median. Line: 90 % of runs. Upright line: the median of the first."},
        )
    )
