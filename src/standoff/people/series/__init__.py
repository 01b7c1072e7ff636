"""HOW MANY PEOPLE TO EXPECT: forecasts of a table of sites, days and people from its own past, and nothing else.

- `experts`: simple forecasts of one series from every report of it at once; which of them each kind of table has.
- `forecaster`: experts weighted by their own past, ranges from past errors beside those of other crises; scores.
- `doubts`: series that are placeholders, copies, constants, too short, silent, or change at one stroke.
- `outlook`: a table as a whole: its kind, its sites and areas, totals that add up; `forecast` makes it from a file.

Nothing later than the day a forecast is made from is ever used, in scores as in forecasts. `learned.json` holds what
was learned on other crises, and how it was made.
"""
