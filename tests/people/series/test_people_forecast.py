"""Forecasts of a table from its own past: kinds, ranges that hold, sums that add up, doubts that are named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from as_printed import prints

import standoff as so
from standoff.errors import StandoffError
from standoff.people.series.doubts import oddities, stacked_levels
from standoff.people.series.experts import EXPERTS, CountKind, one_way
from standoff.people.series.forecaster import (
    GRID,
    Forecaster,
    LeadTime,
    Learned,
    Series,
    learned,
    nothing_learned,
    stack_of,
)
from standoff.people.series.outlook import PeopleForecast, count_kind, flee_series, forecast, horizons_of

START = date(2021, 1, 31).toordinal()
RNG = np.random.default_rng(4)


def line(name: str, values: Sequence[float], gap: int = 14, start: int = START, areas: tuple[str, ...] = ()) -> Series:
    days = np.arange(len(values), dtype=float) * gap + start
    return Series(name, days, np.asarray(values, float), areas)


def walk(n: int, first: float = 5000, drift: float = 0.0, noise: float = 0.03) -> list[float]:
    return list(np.round(first * np.exp(np.cumsum(RNG.normal(drift, noise, n)))))


@pytest.fixture(scope="module")
def steady() -> list[Series]:
    return [line(f"site {k}", walk(40, 1000 * (k + 1), 0.02), areas=("East" if k % 2 else "West",)) for k in range(6)]


@pytest.fixture(scope="module")
def ahead(steady: list[Series]) -> PeopleForecast:
    return forecast(steady, kind="stock", above=(100, 5_000, 1e9))


def test_a_trend_is_followed_and_its_gain_is_said(ahead: PeopleForecast) -> None:
    score = ahead.scores["30 days"]
    assert score is not None and score.n > 100
    assert score.gain is not None and score.gain > 0.2
    assert 0.65 <= score.covered <= 0.95
    assert abs(score.covered + score.above + score.below - 1.0) < 1e-9


def test_middle_numbers_add_up_from_site_to_area_to_total(ahead: PeopleForecast) -> None:
    assert ahead.total is not None and {a.name for a in ahead.areas} == {"East", "West"}
    for k in range(2):
        sites = sum(one.expected[k].value for one in ahead.sites)
        assert sum(one.expected[k].value for one in ahead.areas) == pytest.approx(sites)
        assert ahead.total.expected[k].value == pytest.approx(sites)


def test_ranges_are_nested_and_chances_fall(ahead: PeopleForecast) -> None:
    for one in ahead.sites:
        for e in one.expected:
            (a, b), (c, d), (f, g) = e.ranges[50], e.ranges[80], e.ranges[90]
            assert f <= c <= a <= e.value <= b <= d <= g
            low, middle, high = e.above.values()
            assert 1.0 >= low >= middle >= high >= 0.0 and high < 0.01 < 0.99 < low


def test_nothing_after_the_origin_is_used() -> None:
    values = walk(30)
    for kind in CountKind:
        known = line("a", [abs(v) for v in np.cumsum(values)] if kind is CountKind.CUMULATIVE else values)
        changed = Series("a", known.days, np.concatenate([known.values[:20], known.values[20:] * 9]))
        origin, target = np.array([known.days[19]]), np.array([known.days[19] + 30])
        stacks = [stack_of([line("other", walk(9)), one]) for one in (known, changed)]
        at = np.array([9 + 19])
        first, again = ([e(s, at, target - origin) for e in EXPERTS[kind].values()] for s in stacks)
        assert np.allclose(first, again)
        alone = [e(stack_of([known]), at - 9, target - origin) for e in EXPERTS[kind].values()]
        assert np.allclose(first, alone)  # no series looks into another
        of = np.zeros(1, np.int64)
        one, two = (Forecaster([s], LeadTime(30), kind).points(of, origin, target)[0] for s in (known, changed))
        assert np.allclose(one, two)


def test_scores_and_ranges_of_an_origin_do_not_depend_on_what_came_later() -> None:
    values = walk(40)
    whole, part = line("a", values), line("a", values[:30])
    long, short = (Forecaster([s], LeadTime(28), CountKind.STOCK).course for s in (whole, part))
    assert long is not None and short is not None
    n = len(short.rolled)
    # the size that errors are measured by is that of the table; places within ranges follow the same past
    assert np.allclose(long.rolled.experts[:n], short.rolled.experts)
    assert np.allclose(long.value[:n], short.value, rtol=1e-6)
    assert np.allclose(long.low[:n], short.low, atol=1e-6)


def test_a_cumulative_count_never_falls() -> None:
    counts = np.cumsum(np.round(20_000 * np.exp(-np.arange(60) / 12)))
    result = forecast([line("border", counts, gap=1)], kind="cumulative", horizons="14,30")
    last = counts[-1]
    for e in result.sites[0].expected:
        assert e.value >= last and min(low for low, _ in e.ranges.values()) >= last
        assert e.value < last * 1.05  # the wave has died away
    score = result.scores["14 days"]
    assert score is not None and score.gain is not None and score.gain > 0.4


def test_flows_take_their_usual_level() -> None:
    rng = np.random.default_rng(1)
    days = np.array([float(LeadTime(k, True).moved(np.array([float(START)]), 1)[0]) for k in range(60)])
    lands = [Series(f"land {k}", days, np.round(rng.lognormal(7, 1.2, 60))) for k in range(4)]
    result = forecast(lands, kind="flow", horizons="1m,3m")
    score = result.scores["3 months"]
    assert score is not None and score.gain is not None and score.gain > 0.15
    assert result.sites[0].expected[0].day == date(2026, 1, 31)


def test_two_reports_suffice_for_a_forecast_and_are_not_scored() -> None:
    result = forecast([line("a", [100, 140], gap=90), line("b", [50, 60, 70], gap=90)], kind="stock")
    assert result.scores["30 days"] is None
    assert {d.what for d in result.doubts} == {"few reports"}
    for one in result.sites:
        low, high = one.expected[0].ranges[80]
        assert low < one.expected[0].value < high


def test_one_report_is_refused() -> None:
    with pytest.raises(StandoffError, match="one report"):
        forecast([line("a", [100])])


ODD = {
    "constant": [500] * 8,
    "dummy": [0, *[100] * 7],
    "jump": [500, 500, 500, 900, 900, 900, 900, 900],
    "thousand": [118_000, 119_000, 118, 121_000, 120_000, 122_000, 121_000, 123_000],
    "few reports": [10, 20, 30],
    "re-registration": [20_000, 20_100, 20_200, 20_300, 11_000, 11_100, 11_150, 11_160],
}


@pytest.mark.parametrize("what", list(ODD))
def test_each_doubt_is_named(what: str) -> None:
    start = START + 14 * (8 - len(ODD[what]))
    table = [line("odd", ODD[what], start=start), *(line(f"s{k}", walk(8)) for k in range(4))]
    assert [(d.site, d.what) for d in oddities(table, CountKind.STOCK)] == [("odd", what)]


def test_placeholders_copies_and_what_ended_are_named_and_not_scored() -> None:
    real = walk(20)
    table = [line("real", real), line("twin", real), line("ended", walk(8))]
    result = forecast(table, kind="stock")
    assert {(d.site, d.what) for d in result.doubts} == {("twin", "copy"), ("ended", "ended")}
    score, whole = result.scores["30 days"], result.with_left["30 days"]
    assert score is not None and score.n < whole.n <= 2 * 20
    assert not next(one for one in result.sites if one.name == "ended").expected
    same = [line(f"camp {k}", [0, 11_877]) for k in range(5)] + [line("city", [10, 20])]
    assert [d.what for d in oddities(same, CountKind.STOCK)].count("placeholder") == 5


def test_targets_across_a_large_fall_are_left_out_and_counted_apart() -> None:
    table = [line("odd", [*walk(10, 20_000, noise=0.002), *walk(10, 9_000, noise=0.002)])]
    result = forecast(table, kind="stock")
    score, whole = result.scores["30 days"], result.with_left["30 days"]
    assert score is not None and score.n < whole.n and score.persistence < whole.persistence


def test_a_site_that_is_the_sum_of_the_others_is_not_added() -> None:
    parts = [line(f"s{k}", walk(12)) for k in range(3)]
    whole = Series("Country", parts[0].days, sum(one.values for one in parts))
    result = forecast([*parts, whole], kind="stock")
    assert [d.what for d in result.doubts] == ["total"] and len(result.sites) == 3
    assert result.total is not None and result.total.last == whole.values[-1]


def test_a_renamed_site_is_proposed_and_joined_on_request() -> None:
    old, new = line("Camp Alma", walk(10, 3000)), line("Alma camp II", walk(10, 3000), start=START + 140)
    table = [old, new, line("Berg", walk(20))]
    said = [d for d in forecast(table, kind="stock").doubts if d.what == "new name"]
    assert len(said) == 1 and "--same 'Camp Alma=Alma camp II'" in said[0].words
    joined = forecast(table, kind="stock", same={"Camp Alma": "Alma camp II"})
    assert {one.name: one.reports for one in joined.sites} == {"Alma camp II": 20, "Berg": 20}
    with pytest.raises(StandoffError, match="two sites"):
        forecast(table, kind="stock", same={"Berg": "Alma camp II"})


def test_people_under_an_old_and_a_new_name_are_added_once() -> None:
    new = line("Alma camp II", walk(4, 3000), start=START + 140)
    table = [line("Camp Alma", walk(10, 3000)), new, line("Berg", walk(14))]
    result = forecast(table, kind="stock")
    assert result.total is not None and result.total.last == new.values[-1] + table[2].values[-1]
    assert any("--two 'Camp Alma' 'Alma camp II'" in d.words for d in result.doubts)


def test_names_alike_are_two_sites_where_the_user_says_so() -> None:
    table = [line("Camp Alma", walk(10, 3000)), line("Alma camp II", walk(4, 3000), start=START + 140)]
    table.append(line("Berg", walk(14)))
    result = forecast(table, kind="stock", two=[("camp alma", "Alma camp II")])
    assert not [d for d in result.doubts if d.what == "new name"]
    assert result.total is not None and result.total.last == sum(one.values[-1] for one in table)
    assert "Camp Alma and Alma camp II are read as two sites, as you say" in result.notes
    for pair, words in ((("Alma", "Berg"), "no site 'Alma'"), (("Berg", "berg"), "one name")):
        with pytest.raises(StandoffError, match=words):
            forecast(table, kind="stock", two=[pair])
    with pytest.raises(StandoffError, match="one site by same and two by two"):
        both = ("Camp Alma", "Alma camp II")
        forecast(table, kind="stock", two=[both], same=dict([both]))


def test_names_with_other_numbers_are_not_one_site_renamed() -> None:
    table = [line("Camp 1", walk(10, 3000)), line("Camp 11", walk(10, 3000), start=START + 140), line("Berg", walk(20))]
    assert not [d for d in forecast(table, kind="stock").doubts if d.what == "new name"]


@pytest.mark.parametrize(
    ("column", "measure", "values", "kind"),
    [
        ("cumulative_refugees", "border-crossings+so-far", walk(10), CountKind.CUMULATIVE),
        ("idps", "idps-stock", walk(10), CountKind.STOCK),
        ("New arrivals", "", walk(10), CountKind.FLOW),
        ("total to date", "", walk(10), CountKind.CUMULATIVE),
        ("people", "", list(np.cumsum(np.arange(1, 20))), CountKind.CUMULATIVE),
        ("people", "", [5000, 5200, 5100, 5000, 5150, 5300, 5250, 5100], CountKind.STOCK),
        ("people", "", [10, 900, 20, 4000, 90, 2000, 15, 700, 30, 5000, 12], CountKind.FLOW),
    ],
)
def test_kinds_are_detected_with_a_reason(column: str, measure: str, values: list[float], kind: CountKind) -> None:
    what, reason = count_kind(column, measure, [line("a", values)])
    assert what is kind and len(reason) > 10


def test_a_stock_that_only_rises_is_doubted() -> None:
    _, reason = count_kind("idps", "idps-stock", [line("a", list(np.cumsum(np.arange(1, 20))))])
    assert "--kind cumulative" in reason


def test_horizons() -> None:
    assert [str(h) for h in horizons_of("90, 30,1m,30")] == ["30 days", "1 month", "90 days"]
    for wrong in ("0", "x", "3y", "-5", "9999", ""):
        with prints("--horizon"):
            horizons_of(wrong)
    ends = LeadTime(1, True).moved(np.array([date(2024, 1, 31).toordinal(), date(2024, 3, 15).toordinal()], float), 1)
    assert [date.fromordinal(int(d)) for d in ends] == [date(2024, 2, 29), date(2024, 4, 15)]
    assert date.fromordinal(int(LeadTime(1, True).moved(ends[:1], 1)[0])) == date(2024, 3, 31)


def test_a_monthly_table_is_read_by_months() -> None:
    days = LeadTime(0, True)
    assert days.days == 0
    stamps = [float(LeadTime(k, True).moved(np.array([float(START)]), 1)[0]) for k in range(1, 30)]
    result = forecast([Series("a", np.array(stamps), np.array(walk(29)))], kind="stock")
    assert [str(h) for h in result.horizons] == ["1 month", "3 months"]


def test_direction_is_one_for_equal_steps_and_nothing_for_a_jump() -> None:
    at = np.array([5])
    assert one_way(stack_of([line("a", range(6))]), at, 5)[0] == pytest.approx(1.0)
    assert one_way(stack_of([line("a", [0, 0, 0, 0, 0, 9])]), at, 5)[0] == 0.0


def test_what_was_learned_is_of_every_kind_and_in_order() -> None:
    for kind in CountKind:
        one = learned(kind, LeadTime(45))
        assert one.ratios.shape == (len(EXPERTS[kind]),) and one.ratios[0] == pytest.approx(1.0)
        assert (np.diff(one.pool) >= 0).all() and one.pool.size == GRID.size
        assert one.pool[0] < 0 < one.pool[-1]


def test_experts_that_err_lose_weight() -> None:
    series = line("a", list(1000.0 + 50.0 * np.arange(40)))
    before = Learned(np.ones(len(EXPERTS[CountKind.STOCK])), nothing_learned(CountKind.STOCK).pool)
    made = Forecaster([series], LeadTime(30), CountKind.STOCK, before)
    weights = made.expert_weights(series.days[-1])
    assert weights["last report"] < 0.01 < weights["line of 6 reports"]


def test_a_folder_of_flee_needs_no_more_than_its_counts(tmp_path: Path) -> None:
    (tmp_path / "data_layout.csv").write_text("total,all.csv\nAlma,alma.csv\nDummy,dummy_berg.csv\n", encoding="utf-8")
    rows = "".join(f"2021-{m:02d}-01,{v:.0f}\n" for m, v in zip(range(1, 13), walk(12), strict=True))
    for name in ("all", "alma", "dummy_berg"):
        (tmp_path / f"{name}.csv").write_text("Date,count\n" + rows, encoding="utf-8")
    series, names, _ = flee_series(tmp_path)
    assert [one.name for one in series] == ["Alma", "Dummy"] and names[1] == "dummy_berg.csv"
    result = so.forecast(tmp_path)
    assert [(d.site, d.what) for d in result.doubts] == [("Dummy", "dummy")]
    with pytest.raises(StandoffError, match=r"data_layout\.csv"):
        so.forecast(Path(__file__).parent)


@pytest.mark.parametrize("order", ["by level", "each with its own below"])
def test_a_country_its_regions_and_their_districts_are_added_once(order: str) -> None:
    days = np.array([738000.0 + 30 * m for m in range(8)])
    north, south = (np.array([[1000.0 + 50 * m, 2000 - 31 * m] for m in range(8)]) + shift for shift in (0, 700))
    parts = [("N1", north[:, 0]), ("N2", north[:, 1]), ("S1", south[:, 0]), ("S2", south[:, 1])]
    regions = [("North", north.sum(1)), ("South", south.sum(1))]
    country = ("Country", north.sum(1) + south.sum(1))
    rows = (
        [country, *regions, *parts]
        if order == "by level"
        else [country, regions[0], *parts[:2], regions[1], *parts[2:]]
    )
    table = [Series(name, days, values) for name, values in rows]
    stacked = {table[n].name: {table[m].name for m in members} for n, members in stacked_levels(table).items()}
    assert set(stacked) == {"Country", "North", "South"}
    assert stacked["North"] == {"N1", "N2"}
    made = forecast(table, kind="stock", horizons="30")
    assert [one.name for one in made.sites] == ["N1", "N2", "S1", "S2"]
    assert sum("not added" in d.words for d in made.doubts) == 3
    assert stacked_levels([Series(name, days, values + 1) for name, values in rows]) == {}


def test_countries_without_displacement_do_not_narrow_the_ranges_of_others() -> None:
    rng = np.random.default_rng(3)
    days = 738000.0 + 30 * np.arange(40)
    moving = [Series(f"M{n}", days, np.rint(1000 * np.exp(rng.normal(0, 0.8, 40)))) for n in range(3)]
    empty = [Series(f"E{n}", days, np.eye(40)[n] * 40) for n in range(24)]

    def ranges(table: list[Series]) -> dict[int, tuple[float, float]]:
        sites = forecast(table, kind="flow", horizons="30").sites
        return dict(next(one for one in sites if one.name == "M0").expected[0].ranges)

    alone, beside = ranges(moving), ranges([*moving, *empty])
    for share in (50, 80, 90):
        assert np.allclose(np.log(beside[share]), np.log(alone[share]), atol=0.1)


def inexact_table() -> bytes:
    """Two regions of two camps each over eleven months; some cells are not exact."""
    cells = {("Alma", 11): "~1,340", ("Berg", 11): "340 - 400", ("Cove", 11): "<5", ("Dell", 4): "ca. 1 100"}
    rows = ["region,camp,date,people"]
    for camp, region, start in (
        ("Alma", "East", 1200),
        ("Berg", "East", 330),
        ("Cove", "West", 9),
        ("Dell", "West", 1100),
    ):
        for month in range(1, 12):
            figure = cells.get((camp, month), f"{start + month % 4}")
            rows.append(f'{region},{camp},2024-{month:02}-01,"{figure}"')
    return "\n".join(rows).encode()


def test_last_reports_that_are_not_exact_say_so_with_the_sums_that_they_are_in(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    from standoff.exports.forecasts import forecast_hxl, write_forecast
    from standoff.views.lines.forecast import forecast_data

    result = forecast(inexact_table(), kind="stock", horizons="30")
    words = {one.name: one.last_words for one in (*result.sites, *result.areas)}
    assert words == {
        "Alma": "about 1,340", "Berg": "340 to 400", "Cove": "11, then 0 to 4", "Dell": "",
        "East": "about 1,710", "West": "",
    }  # fmt: skip
    assert result.total is not None and result.total.last_words == f"about {result.total.last:,.0f}"
    data = forecast_data(result)
    assert [(one["cell"], one["used"]) for one in data["inexact"]] == [
        ("~1,340", 1340), ("340 - 400", 370), ("<5", None), ("ca. 1 100", 1100),
    ]  # fmt: skip
    write_forecast(tmp_path / "f.xlsx", result)
    book = CalamineWorkbook.from_path(str(tmp_path / "f.xlsx"))
    assert [row[3:] for row in book.get_sheet_by_name("inexact").to_python()[1:]] == [
        ["~1,340", "about", "", "", 1340.0], ["340 - 400", "range", 340.0, 400.0, 370.0],
        ["<5", "bound", 0.0, 4.0, ""], ["ca. 1 100", "about", "", "", 1100.0],
    ]  # fmt: skip
    assert {"#adm1+name", "#meta+written"} <= {column.tag for column in forecast_hxl(result).columns}


def test_a_count_so_far_that_falls_is_named_with_its_day_and_a_large_fall_is_no_target() -> None:
    days = np.arange(20.0) * 7 + 738000
    values = np.cumsum(np.full(20, 90.0))
    small, anew = values.copy(), values.copy()
    small[12] = small[11] - 60
    anew[10:] -= anew[9]
    for some, day in ((small, 12), (anew, 10)):
        result = forecast([Series("Gate", days, some)], kind="cumulative", horizons="30")
        (doubt,) = result.doubts
        assert doubt.what == "fall" and doubt.scored and str(date.fromordinal(int(days[day]))) in doubt.words
        assert (doubt.day is not None) == (some is anew)
        assert bool(result.with_left) == (some is anew)


def test_names_that_differ_in_accents_alone_are_added_once_unless_the_user_says_two() -> None:
    days = np.arange(12.0) * 30 + 738000
    values, berg = np.linspace(900, 1100, 12).round(), np.resize([400.0, 420.0, 390.0, 450.0, 470.0], 12)
    odd = np.arange(12) % 3 == 0
    table = [
        Series("Álma", days[odd], values[odd]),
        Series("ALMA", days[~odd], values[~odd]),
        Series("Berg", days, berg),
    ]
    result = forecast(table, kind="stock", horizons="30")
    assert [(d.site, d.what) for d in result.doubts if d.what == "new name"] == [("Álma", "new name")]
    assert result.total is not None and result.total.last == values[-1] + berg[-1]
    two = forecast(table, kind="stock", horizons="30", two=[("Álma", "ALMA")])
    assert not [d for d in two.doubts if d.what == "new name"]


def test_a_hidden_total_says_on_which_days_it_misfits() -> None:
    days = np.arange(10.0) * 30 + 738000
    one, two, three = (np.linspace(a, 2 * a, 10).round() for a in (300.0, 470.0, 910.0))
    whole = one + two + three
    whole[4] += 25
    table = [Series(n, days, v) for n, v in (("A", one), ("B", two), ("C", three), ("Everywhere", whole))]
    result = forecast(table, kind="stock", horizons="30")
    words = next(d.words for d in result.doubts if d.what == "total")
    assert "on 9 of 10 days" in words and "(25 more)" in words
    assert [t.difference for t in result.totals] == [0, 0, 0, 0, 25, 0, 0, 0, 0, 0]
