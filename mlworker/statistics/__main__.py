"""`python -m mlworker.statistics compare FILE.csv`: the whole comparison from a spreadsheet, without a database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.spreadsheet.analysis import analyse
from mlworker.statistics.spreadsheet.cells import read_sheet
from mlworker.statistics.spreadsheet.planning_command import add_planning, planned
from mlworker.statistics.spreadsheet.rater_results import Options
from mlworker.statistics.spreadsheet.summary import summary
from mlworker.statistics.spreadsheet.table import table_of, with_thresholds

EXAMPLE = Path(__file__).parent / "spreadsheet" / "example.csv"


def _threshold(text: str) -> tuple[str, float]:
    rater, _, value = text.rpartition("=")
    try:
        return rater, float(value)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not RATER=NUMBER") from error


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m mlworker.statistics", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    compare = commands.add_parser("compare", help="models and readers of one spreadsheet")
    compare.add_argument("file", type=Path, help="CSV: case, patient, truth, rater, kind, session, call, score, …")
    compare.add_argument("--json", action="store_true", help="all figures, unrounded, to standard output")
    compare.add_argument("--html", type=Path, metavar="OUT", help="write a page with figures that needs nothing else")
    compare.add_argument("--level", type=float, default=0.95, help="confidence level (0.95)")
    compare.add_argument("--prevalence", type=float, help="the clinic's share of positives, for the decision curve")
    compare.add_argument("--threshold", type=_threshold, action="append", default=[], metavar="RATER=NUMBER",
                         help="for a model with scores alone; fixed on other cases than these")  # fmt: skip
    compare.add_argument("--cannot-assess", choices=("leave-out", "wrong"), default="leave-out",
                         help="what an empty call counts as")  # fmt: skip
    compare.add_argument("--covariance", choices=("delong", "jackknife"), default="delong",
                         help="of readers and cases random")  # fmt: skip
    compare.add_argument("--subgroup", action="append", metavar="COLUMN", help="these columns alone")
    compare.add_argument("--replicates", type=int, default=2000, help="of each bootstrap (2000)")
    compare.add_argument("--seed", type=int, default=20260101)
    add_planning(commands)
    commands.add_parser("example", help="print an example spreadsheet: synthetic, of no patient")
    return parser


def _compare(arguments: Namespace) -> None:
    table = table_of(read_sheet(arguments.file), cannot_assess=arguments.cannot_assess)
    table = with_thresholds(table, dict(arguments.threshold))
    chosen = tuple(name.lower() for name in arguments.subgroup) if arguments.subgroup else None
    options = Options(
        level=arguments.level, replicates=arguments.replicates, seed=arguments.seed, prevalence=arguments.prevalence,
        subgroups=chosen, covariance=arguments.covariance,
    )  # fmt: skip
    found = analyse(table, options)
    if arguments.html:
        from mlworker.statistics.spreadsheet.page import page

        arguments.html.write_text(page(found, arguments.file.name), encoding="utf-8")
    sys.stdout.write(found.to_json() if arguments.json else summary(found))


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "compare":
            _compare(arguments)
        elif arguments.command == "example":
            sys.stdout.write(EXAMPLE.read_text(encoding="utf-8"))
        else:
            result, sentence = planned(arguments)
            sys.stdout.write(result.to_json() if arguments.json else f"{sentence}\n")
    except (StatisticsInputError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
