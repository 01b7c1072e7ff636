"""The ES modules of the charts as one plain script, for a file that must open without a server."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r"""^import\s+\{[^}]*\}\s+from\s+["']\./([\w.]+)["'];\n""", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)


@cache
def script(name: str) -> str:
    """Return a module of ``static/js`` with all it imports, each once and before its users, as one script.

    The modules name their parts uniquely and import only each other by name, so joining them keeps their meaning;
    a private name that two modules share gets its own block.
    """
    order: list[str] = []
    _collect(name, order)
    parts = [_wrapped(part) for part in order]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n"


def _collect(name: str, order: list[str]) -> None:
    if name in order:
        return
    for needed in _IMPORT.findall(_source(name)):
        _collect(needed, order)
    order.append(name)


def _source(name: str) -> str:
    return (STATIC / "js" / name).read_text(encoding="utf-8")


def _wrapped(name: str) -> str:
    text = _source(name)
    exported = re.findall(r"^export (?:async )?(?:function|const|let|class) (\w+)", text, re.MULTILINE)
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if not exported:
        return f"{{\n{body}}}"
    return f"const {{ {', '.join(exported)} }} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();"


@cache
def vendored(name: str) -> str:
    """Return a vendored library as it is."""
    return (STATIC / "vendor" / name).read_text(encoding="utf-8")
