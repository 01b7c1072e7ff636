"""The command people."""

from __future__ import annotations

from pathlib import Path

import click

from standoff.cli.options import json_option, print_json, print_lines

WRITTEN = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--case", "case_name", help="Case of the run [default: the one it names].")
@click.option("--account", default="", help="Account [default: that of the report].")
@click.option("--scenario", default="", help="Scenario [default: the first of the run].")
@click.option("--on", default="", metavar="DATE", help="A day that the run keeps [default: its last].")
@click.option("--all", "every", is_flag=True, help="Show every area.")
@click.option("--xlsx", type=WRITTEN, help="Write a workbook.")
@click.option("--hxl", type=WRITTEN, help="Write HXL (CSV with hashtags).")
@click.option("--geojson", type=WRITTEN, help="Write the areas of the last day with their shapes.")
@click.option("--pdf", type=WRITTEN, help="Write two pages for the cluster.")
@click.option("--svg", type=WRITTEN, help="Write the map as a picture.")
@json_option
def people(
    run_folder: Path,
    case_name: str | None,
    account: str,
    scenario: str,
    on: str,
    every: bool,
    xlsx: Path | None,
    hxl: Path | None,
    geojson: Path | None,
    pdf: Path | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """How many people are where in a run: present, displaced, come since the start, and where from, by area."""
    from standoff.cli.run import case_of_run
    from standoff.exports import present as exports
    from standoff.files.whole import write_whole
    from standoff.runs.folder import load_run
    from standoff.text.table_printer import terminal_width
    from standoff.views.charts import base_scenario, main_account
    from standoff.views.figures import svg_file
    from standoff.views.present import COLUMNS, area_people, cluster_pdf, present_lines, present_map, table_rows

    run = load_run(run_folder)
    case = case_of_run(run, case_name)
    rows = area_people(run, account, scenario, on)
    who, what = account or main_account(run), scenario or base_scenario(run)
    if xlsx is not None:
        exports.present_sheets(xlsx, run, who, what)
    if hxl is not None:
        write_whole(hxl, exports.present_hxl(run, who, what))
    if geojson is not None:
        write_whole(geojson, exports.present_geojson(case, run, who, what))
    if pdf is not None:
        write_whole(pdf, cluster_pdf(case, run, rows))
    if svg is not None and (chart := present_map(case, run, who, what)):
        write_whole(svg, svg_file(chart))
    for path in filter(None, (xlsx, hxl, geojson, pdf, svg)):
        click.echo(f"written: {path}", err=True)
    if as_json:
        table = [dict(zip(COLUMNS, row, strict=True)) for row in table_rows(rows)]
        print_json({"account": who, "scenario": what, "date": rows[0].present.date if rows else None, "areas": table})
        return
    print_lines(present_lines(case, run, rows, terminal_width(), every=every))
