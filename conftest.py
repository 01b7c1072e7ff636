"""Code blocks of the README and of docs/ are run as tests; property tests try the same examples every time.

``pytest --hypothesis-profile=explore`` tries others.
"""

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Blocks of one page go on from each other, and the browser's tests share a browser: each on one worker."""
    for item in items:
        if item.path.suffix == ".md":
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
        elif "browser" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("browser"))
