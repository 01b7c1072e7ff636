"""Write the names of the countries of the base map in Arabic and French, from Unicode CLDR as babel holds it.

Natural Earth knows countries by the numbers of ISO 3166, which CLDR has as aliases of its own codes. Run it where babel
is installed: ``python examples/country_names.py``; then put the hash into VENDOR.md beside the file.
"""

from __future__ import annotations

import json
from pathlib import Path

WORLD = Path(__file__).parents[1] / "src" / "standoff" / "views" / "static" / "world"
WITHOUT_NUMBER = {"Kosovo": "XK"}


def names(language: str) -> dict[str, str]:
    """Return the name of each country of the map that CLDR names, by its name on the map."""
    from babel import Locale
    from babel.core import get_global

    codes, territories = get_global("territory_aliases"), Locale(language).territories
    world = json.loads((WORLD / "countries-50m.json").read_text(encoding="utf-8"))
    found = {}
    for shape in world["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = WITHOUT_NUMBER.get(name) or next(iter(codes.get(str(shape.get("id") or "").zfill(3), ())), "")
        if code in territories:
            found[name] = territories[code]
    return dict(sorted(found.items()))


if __name__ == "__main__":
    text = json.dumps({language: names(language) for language in ("ar", "fr")}, ensure_ascii=False, indent=0)
    (WORLD / "names.json").write_text(text + "\n", encoding="utf-8")
