"""The report: one HTML file that opens from a USB stick, where every number leads back to a claim and a source."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from standoff.case.model import Case, refuse_errors
from standoff.commitments.ledger import rows as ledger_rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.observance import observance_data, observances
from standoff.errors import caution
from standoff.oneline import OneLine
from standoff.runs.as_of import case_as_of
from standoff.runs.results import Run
from standoff.text.sentences import count, day, quoted
from standoff.version import VERSION
from standoff.views import bars, charts, comparing, maps, records
from standoff.views.charts import (
    BOUNDARIES,
    Figure,
    account_title,
    accounts_line,
    doubt_line,
    known_day,
    run_end,
    run_start,
    scenario_title,
    trajectories,
)
from standoff.views.findings import findings, scored_line, spoken_of
from standoff.views.lines.observance import observance_sentence
from standoff.views.pages import STATIC, render
from standoff.views.present import present_map
from standoff.views.whatif import (
    anew_lines,
    answer_lines,
    effects_of,
    incident_ranges,
    level_sentence,
    people_ranges,
    unplayed_line,
)

CARD = Path(__file__).parent / "templates" / "model-card.md"
MOST_OBSERVED = 4  # prohibitions, the youngest, of which the report says how they are observed


def report(case: Case, run: Run) -> str:
    """Return the report of a run as one self-contained HTML page: no network, no server, prints on A4.

    Parameters
    ----------
    case : Case
        Of which the run is.
    run : Run
        As `standoff.simulate` or `standoff.load_run` returns it.

    Returns
    -------
    str

    Raises
    ------
    StandoffError
        For a case with errors.

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> run = so.simulate(case, accounts="record", trajectories=2, days=3)
    >>> so.report(case, run).startswith("<!doctype html>")
    True
    """
    refuse_errors(case)
    parts = sections(case, run)
    script = (STATIC / "js" / "report.js").read_text(encoding="utf-8")
    return render(
        "report.html.j2",
        title=case.about.title,
        subtitle=subtitle(case, run),
        boundaries=BOUNDARIES,
        contents=_contents(case, parts),
        findings=findings(case, run),
        spoken_of=spoken_of(case, run),
        scored=scored_line(case),
        accounts_run=accounts_line(case, run),
        drawn=doubt_line(case, run),
        caution=caution(run.warnings),
        unplayed=unplayed_line(run),
        parts=parts,
        disputes=records.dispute_records(case),
        unknown=records.unknowns(case),
        commitments=records.commitment_records(case),
        parameters=records.parameter_records(case),
        claims=records.claim_records(case),
        documents=records.document_records(case),
        sources=records.source_records(case),
        card=[asdict(section) for section in card()],
        version=VERSION,
        footer=f"{charts.source_line(case, run)}.",
        disclaimer=case.about.disclaimer,
        # Our own files, not data of a case: they stand in the page as they are.
        script=Markup(script),  # noqa: S704
        script_hash=Markup(script_hash(script)),  # noqa: S704
        css=Markup((STATIC / "standoff.css").read_text(encoding="utf-8")),  # noqa: S704
    )


def script_hash(script: str) -> str:
    """Return the source of a content policy that lets this script run, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def subtitle(case: Case, run: Run) -> str:
    """Return what was run, in a sentence."""
    accounts = quoted(account_title(case, a) for a in run.accounts)
    many = f"for each of {len(run.accounts)} accounts" if len(run.accounts) > 1 else "of one account"
    runs = f"{count(trajectories(run), 'simulated run')} {many} ({accounts})"
    more = quoted(scenario_title(case, s) for s in run.scenarios[1:])
    kind = "scenario" if len(run.scenarios) == 2 else "scenarios"
    beside = f", beside the {kind} {more}" if more else ""
    return f"{runs}, from {day(run_start(run))} to {day(run_end(run))}{beside}."


def sections(case: Case, run: Run) -> list[dict[str, Any]]:
    """Return the parts of a report that hold figures, in reading order; a part without a figure is left out."""
    recorded = _recorded(case, run)
    rows = ledger_rows(recorded) if recorded is not None else ()
    standing = {(r.account, r.commitment, r.key, r.reading) for r in rows}
    # A reading that an account does not hold breaks nothing there; of an older case only the text's own rows are sure.
    spans = [s for s in run.ledger if not s.reading or (s.account, s.commitment, s.key, s.reading) in standing]
    ledger = bars.ledger_bars(case, spans, until=run_start(run), as_of=None, late=bars.late_days(rows))
    above = "How such runs scored stands above, under “In short”." if run.outlook else ""
    effects = effects_of(case, run)
    ranked: list[Figure | None] = list(charts.matters(case, run))
    answers = " ".join(filter(None, [_silent(run), *answer_lines(case, run)]))
    folded = [
        *comparing.every(case, run),
        charts.breaks(case, run),
        charts.fan(case, run),
        charts.dots(case, run),
        *ranked[1:],
        ledger,
        maps.region_map(case),
        charts.outlook(case, run),
    ]
    parts: list[tuple[str, str, str | list[str], list[Figure | None]]] = [
        ("whatif", "What if", _of_scenarios(case, run, bool(effects)), []),
        ("expected", "Incidents to expect", level_sentence(run), [incident_ranges(case, run)]),
        ("agreements", "Agreements made in runs", anew_lines(run), []),
        ("people", "People displaced", "", [people_ranges(case, run), present_map(case, run)]),
        ("matter", "Sensitivity of this model: the disputes that move it most", answers, ranked[:1]),
        ("record", "How what is forbidden was observed by then", observed_then(recorded), []),
        ("outlook", "What if the model held: every other figure, account by account", above, folded),
    ]
    return [
        {
            "id": id_,
            "heading": heading,
            "text": text if isinstance(text, str) else "",
            "lines": [] if isinstance(text, str) else text,
            "figures": [f for f in figures if f is not None],
            "effects": effects if id_ == "whatif" else (),
            "fold": id_ == "outlook",
        }
        for id_, heading, text, figures in parts
        if text or any(f is not None for f in figures)
    ]


def _of_scenarios(case: Case, run: Run, some: bool) -> str:
    """Return how to read what scenarios change; nothing where a run has one."""
    if not some:
        return ""
    base = quoted([scenario_title(case, charts.base_scenario(run))])
    return (
        f"Each scenario beside {base}, run by run with the same luck. Told apart from chance is what would be at the "
        "90 % level over all outcomes and accounts at once. Levels are those of this model, and no forecast: read the "
        "differences."
    )


def _recorded(case: Case, run: Run) -> Evaluation | None:
    """Return the recorded ledger that a run starts from; nothing where the case has changed since."""
    able = [a for a in run.accounts if a in case.accounts and not case.accounts[a].is_statement]
    if not able or run.meta["case"].get("digest") != case.digest:
        return None
    snapshot = case_as_of(case, known_day(run))
    return evaluate(snapshot, [a for a in able if a in snapshot.accounts], on=run_start(run))


def observed_then(recorded: Evaluation | None) -> list[str]:
    """Return in sentences how the youngest prohibitions were observed on the day on which a run starts."""
    if recorded is None:
        return []
    young = sorted(observances(recorded).values(), key=lambda one: one.age)
    told = [one for one in young if one.since.incidents][:MOST_OBSERVED]
    titles = {one.commitment: recorded.case.commitments[one.commitment].title for one in told}
    return [f"{titles[one.commitment]}: {observance_sentence(observance_data(one) or {})}." for one in told]


def _silent(run: Run) -> str:
    """Return for which outcomes no dispute stands out from chance."""
    telling = charts.telling_outcomes(run)
    titles = {str(o["id"]): str(o["title"]) for o in run.meta["outcomes"]}
    rest = [titles.get(o, o) for o in dict.fromkeys(m.outcome for m in run.matters) if o not in telling]
    return f"At this number of runs no dispute stands out from chance for: {'; '.join(rest)}." if rest else ""


def _contents(case: Case, parts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    entries = [("findings", "In short"), *((part["id"], part["heading"]) for part in parts)]
    if case.disputes:
        entries.append(("disputes", "Where the sources disagree"))
    entries.append(("unknown", "What we do not know"))
    if case.commitments:
        entries.append(("commitments", "Commitments"))
    return [
        *entries,
        ("parameters", "Parameters"),
        ("claims", "Claims"),
        ("sources", "Documents and sources"),
        ("model-card", "About this model"),
    ]


# The model card, under the headings of OCHA's Peer Review Framework for Predictive Analytics. It is written once: the
# same text stands in the report, in the workbench and in docs/explanation/model-card.md, and a test compares them.


@dataclass(frozen=True, slots=True, repr=False)
class Section(OneLine):
    """A heading of the card with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@cache
def card() -> tuple[Section, ...]:
    """Return the sections of the card, in order, as plain text."""
    sections = []
    for block in CARD.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, text = block.partition("\n")
        paragraphs = tuple(" ".join(p.replace("`", "").split()) for p in text.split("\n\n") if p.strip())
        sections.append(Section(heading.strip(), paragraphs))
    return tuple(sections)
