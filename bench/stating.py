"""B18: a statement of account as PDF for each customer, against setting the same pages one after the other."""

import shutil
from collections.abc import Collection, Iterator
from functools import partial
from statistics import median

from bench import importing
from bench.measure import Figure, Goal, attempted, in_turns, ratios, require, shown, timed
from bench.place import Place
from bench.sizes import Size
from infra.texts.letters import STATEMENT, Letters
from infra.texts.library import Library
from services.importing import Options
from services.statements.page import statement_page

IDS = ("B18",)
STATEMENTS, SECONDS = 5_000, 120
CREDITOR = '[main]\nname = "Nordlicht GmbH"\naddress = "Hafen 1\\n20457 Hamburg"\niban = "DE89370400440532013000"\n'


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    place.say(f"B18: statements of {size.stated:,} customers")
    yield attempted("B18", partial(_statements, place, size.stated))


def _statements(place: Place, customers: int) -> Figure:
    file, creditors, folder = (place.home / name for name in ("stated.csv", "creditors.toml", "statements"))
    importing.write(file, customers * importing.PER_CUSTOMER)
    creditors.write_text(CREDITOR, encoding="utf-8")
    url = place.new_database()
    with place.app(url) as app:
        app.imports.invoices(file, Options(actor="bench"))

        def work(_: int) -> float:
            shutil.rmtree(folder, ignore_errors=True)
            seconds = timed(lambda: app.printing.folder(app.statements.all(importing.DAY), folder))
            require(len([*folder.glob("*.pdf")]), customers, "files")
            return seconds

        def limit(_: int) -> float:
            """In this process alone; the pages are there already."""
            creditor, edition = app.creditors().of("main"), Library(place.home).edition("en")
            found = [each for page in app.statements.all(importing.DAY).pages for each in page]
            letters, pages = Letters(STATEMENT), [statement_page(each, creditor, edition) for each in found]
            return timed(lambda: [letters.pdf(each, importing.DAY) for each in pages])

        works, limits = in_turns(work, limit)
    place.drop(url)
    creditors.unlink()
    many = median(works) / customers * STATEMENTS
    return Figure(
        "B18",
        f"a statement as PDF for each of {customers:,} customers",
        f"{median(works):.2f} s",
        f"the same pages set in one process: {median(limits):.2f} s",
        shown(ratios(limits, works)),
        [Goal(f"{STATEMENTS:,} in less than {SECONDS} s ({many:.0f} s)", many < SECONDS)],
    )
