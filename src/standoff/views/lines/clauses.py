"""Templates of clauses on a terminal, and files of answers to be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from standoff.case.as_dict import as_written
from standoff.case.terms import Agreement
from standoff.commitments.clause_answers import Blank
from standoff.commitments.clauses import TEMPLATES, Template, questions_of
from standoff.text.sentences import count, fold
from standoff.text.table_printer import table


def template_lines(width: int) -> Iterator[str]:
    """Yield the templates with what each is for."""
    yield from table(
        ("template", "for"), [(t.id, t.title) for t in TEMPLATES.values()], width, least=max(map(len, TEMPLATES))
    )
    yield from fold(f"n = {count(len(TEMPLATES), 'template')}.", width)


def questions_yaml(
    templates: Sequence[Template],
    agreement: Agreement | None,
    *,
    actors: Mapping[str, str] | None = None,
    others: Sequence[str] = (),
) -> str:
    """Return a file of answers for some templates: each question is a comment above the key that answers it.

    ``actors`` are parties of the source that the case does not know, with an id for each; ``others`` are provisions
    without a template.
    """
    lines = ["# Answer after each colon; what may stay empty says so. Then: standoff clause CASE --answers THIS-FILE"]
    if agreement is not None:
        lines.append("agreement:")
        for key, value in as_written(agreement).items():
            text = f"[{', '.join(value)}]" if isinstance(value, list) else f'"{value}"'.replace("\n", " ")
            lines.append(f"  {key}: {text}")
        if "parties" not in as_written(agreement):
            lines.append("  parties: []")
    if actors:
        lines.append("# Not known to the case, and added to it: take out who is known by another name")
        lines.append("actors:")
        for name, key in actors.items():
            kind = "state" if name.lower().startswith("government of") else "party"
            lines.append(f'- {{id: {key}, name: "{name}", kind: {kind}}}')
    for words in others:
        lines.append(f"# the source says that the text has this, too, for which there is no template: {words}")
    lines.append("clauses:" if templates else "clauses: []")
    for template in templates:
        lines.append(f"- template: {template.id}  # {template.title}")
        for question in questions_of(template):
            lines += [f"  # {text}" for text in fold(_words(question), 100)]
            lines.append(f"  {question.key}: {question.default or ''}".rstrip())
    return "\n".join(lines) + "\n"


def _words(question: Blank) -> str:
    choices = f" ({' or '.join(question.choices)})" if question.choices else ""
    only = f" Only if {question.only_if} is answered." if question.only_if and question.only_if != "who" else ""
    empty = " May stay empty." if question.default == "" else ""
    return f"{question.text}{choices}.{only}{empty}".replace("?.", "?")


def ucdp_lines(rows: Sequence[Mapping[str, str]], width: int) -> Iterator[str]:
    """Yield the agreements of a table of UCDP Peace Agreements."""
    cells = [(r["paid"], r.get("pa_date", "")[:10], r.get("pa_name", ""), r.get("conflict_name", "")) for r in rows]
    yield from table(("paid", "day", "agreement", "conflict"), cells, width)
    yield from fold(f"n = {count(len(rows), 'agreement')}; --row PAID drafts one.", width)
