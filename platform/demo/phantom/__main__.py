"""A contact sheet for eyes: `python -m demo.phantom sheet OUT.png [--seed N] [--count 30]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo.phantom.sheet import draw_sheet


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.phantom")
    sheet = parser.add_subparsers(required=True).add_parser("sheet", help="many phantoms on one picture")
    sheet.add_argument("out", type=Path)
    sheet.add_argument("--seed", type=int, default=1)
    sheet.add_argument("--count", type=int, default=30)
    sheet.add_argument("--difficulty", type=float, default=1.0)
    given = parser.parse_args()
    for line in draw_sheet(given.out, first_seed=given.seed, count=given.count, difficulty=given.difficulty):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
