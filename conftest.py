"""Code blocks of the README and of docs/ are run as tests; property tests try the same examples every time.

``pytest --hypothesis-profile=explore`` tries others; with STANDOFF_THOROUGH=1, as in ``make check``, there are more.
"""

import os

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

EXAMPLES = 100 if os.environ.get("STANDOFF_THOROUGH") == "1" else 30

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=EXAMPLES)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
).pytest()
