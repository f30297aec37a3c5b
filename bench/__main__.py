"""`python -m bench`: measures, shows the table, and fails only where an answer was wrong."""

import argparse
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from bench import commands, escalating, importing, publishing, reading, rebuilding, stating, writing
from bench.measure import Figure
from bench.place import Place, place
from bench.sizes import SIZES, Size
from bench.table import markdown, show, write_markdown

Suite = Callable[[Place, Size, Collection[str]], Iterator[Figure]]

SUITES: list[tuple[tuple[str, ...], Suite]] = [
    (commands.IDS, commands.figures),
    (importing.IDS, importing.figures),
    (rebuilding.IDS, rebuilding.figures),
    (escalating.IDS, escalating.figures),
    (publishing.IDS, publishing.figures),
    (writing.IDS, writing.figures),
    (stating.IDS, stating.figures),
    (reading.IDS, reading.figures),
]
IDS = [id_ for ids, _ in SUITES for id_ in ids]


def main() -> int:
    asked = _arguments()
    # A run that is ended from outside leaves no server and no databases behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with place() as where:
        machine = where.machine()
        figures: list[Figure] = []
        try:
            for ids, suite in SUITES:
                if wanted := asked.only & {*ids}:
                    figures += suite(where, SIZES[asked.size], wanted)
        finally:
            show(figures, machine, asked.size)
    if asked.markdown:
        write_markdown(asked.markdown, markdown(figures, machine, asked.size))
    return 1 if any(figure.is_wrong for figure in figures) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Speed, against limits probed in the same run."
    )
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", type=_ids, default=set(IDS), metavar="B1,B5", help=", ".join(IDS))
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there, too")
    return parser.parse_args()


def _ids(text: str) -> set[str]:
    found = set(text.upper().split(","))
    if strangers := found - {*IDS}:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(strangers))} is none of {', '.join(IDS)}")
    return found


if __name__ == "__main__":
    sys.exit(main())
