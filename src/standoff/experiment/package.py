"""Descriptors of a run folder: a Frictionless data package and an RO-Crate 1.1, made from the files themselves."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import typing
from collections.abc import Mapping
from typing import Any

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
TITLES = {
    "run.json": "What was run: case, spec, outcomes, parameters with their sources",
    "outcomes.csv": "One row a trajectory: the day on which each outcome first came about, empty if never",
    "outlook.csv": "Share of trajectories in which each outcome came about, with a 90 % Monte-Carlo interval",
    "quantiles.csv": "Quantiles over trajectories, by day",
    "arrivals.csv": "People who arrived at each place by the last day",
    "areas.csv": "Arrivals in each administrative area of the boundaries given, by the last day",
    "breaks.csv": "How each commitment fared in the simulated runs",
    "ledger.csv": "The recorded ledger before the start, by account",
    "matters.csv": "Which disputed question each outcome hangs on",
    "report.html": "The report, one self-contained page",
}
_MEDIA = {".csv": "text/csv", ".json": "application/json", ".html": "text/html"}


def _kind(hint: Any) -> str:
    kinds = [k for k in (typing.get_args(hint) or (hint,)) if k is not type(None)]
    return _TYPES[kinds[0]]


def _fields(name: str, text: str, kinds: Mapping[str, type]) -> list[dict[str, str]]:
    header = next(csv.reader(io.StringIO(text)), [])
    if name in kinds:
        hints = typing.get_type_hints(kinds[name])
        return [
            {"name": f.name.removesuffix("_"), "type": _kind(hints[f.name])} for f in dataclasses.fields(kinds[name])
        ]
    words = ("account", "scenario", "first-break")
    return [{"name": column, "type": "string" if column in words else "integer"} for column in header]


def datapackage(meta: Mapping[str, Any], texts: Mapping[str, str], kinds: Mapping[str, type]) -> str:
    """Return datapackage.json (Frictionless Data Package 1) for the CSV files in ``texts``."""
    resources = [
        {
            "name": name.removesuffix(".csv"),
            "path": name,
            "title": TITLES.get(name, name),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "hash": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
            "bytes": len(text.encode()),
            "schema": {"fields": _fields(name, text, kinds), "missingValues": [""]},
        }
        for name, text in sorted(texts.items())
        if name.endswith(".csv")
    ]
    about = meta["case"]
    package = {
        "name": f"standoff-run-{about['id']}",
        "title": f"Simulated trajectories: {about['title']}",
        "description": "Results of a model, conditional on its coded claims and assumptions; not observations.",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": resources,
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def crate(meta: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return ro-crate-metadata.json (RO-Crate 1.1) for the files in ``texts``."""
    about = meta["case"]
    parts = sorted([*texts, "datapackage.json"])
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Simulated trajectories: {about['title']}",
            "description": "Results of a model, conditional on its coded claims and assumptions; not observations.",
            "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
            "hasPart": [{"@id": name} for name in parts],
            "mentions": {"@id": "#run"},
            # The day of the case's edition: a clock would make two runs of one spec differ.
            **({"datePublished": about["issued"]} if about.get("issued") else {}),
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "standoff run",
            "instrument": {"@id": "#standoff"},
            "description": json.dumps(meta["spec"], sort_keys=True),
            "object": {"@id": "#case"},
            "result": {"@id": "./"},
        },
        {
            "@id": "#case",
            "@type": "Dataset",
            "name": about["title"],
            "version": about["edition"],
            "identifier": f"sha256:{about['digest']}",
        },
        {"@id": "#standoff", "@type": "SoftwareApplication", "name": "Standoff", "version": meta["standoff"]},
        {
            "@id": "https://creativecommons.org/licenses/by/4.0/",
            "@type": "CreativeWork",
            "name": "Creative Commons Attribution 4.0 International",
        },
    ]
    for name in parts:
        suffix = name[name.rfind(".") :]
        graph.append(
            {
                "@id": name,
                "@type": "File",
                "name": TITLES.get(name, name),
                "encodingFormat": _MEDIA.get(suffix, "text/plain"),
            }
        )
    body = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
