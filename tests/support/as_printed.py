"""What the command line prints of an error: its problems, which name options where its own text names parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from standoff.errors import StandoffError


def as_printed(error: BaseException | None) -> str:
    """The problems of an error, a line each; what is no StandoffError fails the test."""
    assert isinstance(error, StandoffError), repr(error)
    return "\n".join(map(str, error.problems))


@contextmanager
def prints(pattern: str) -> Iterator[pytest.ExceptionInfo[StandoffError]]:
    """As ``pytest.raises(StandoffError, match=pattern)``, of what the command line prints."""
    with pytest.raises(StandoffError) as caught:
        yield caught
    text = as_printed(caught.value)
    assert re.search(pattern, text), f"{pattern!r} is not in {text!r}"
