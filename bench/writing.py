"""B14: mails and letters of what a tick plans, written and not sent, against what people would wait for."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from statistics import median

from bench.measure import Figure, Goal, attempted, in_turns, ratios, require, shown, timed
from bench.place import Place
from bench.sizes import Size
from infra.texts.locales import LANGUAGES
from services.messages.content import Content
from services.messages.rendering import Renderer
from services.messages.samples import samples

IDS = ("B14M", "B14L")
MAILS, LETTERS = 10_000, 1_000
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SENDER = "billing@example.com"


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    renderer = Renderer(place.home)
    for id_, measured in (("B14M", _mails), ("B14L", _letters)):
        if id_ in wanted:
            place.say(f"{id_}: writing messages")
            yield attempted(id_, partial(measured, renderer))


def _mails(renderer: Renderer) -> Figure:
    contents = _contents(MAILS)

    def write(number: int) -> float:
        return timed(lambda: _each(lambda content: _mail(renderer, content, number), contents))

    def limit(number: int) -> float:
        return timed(lambda: _each(_plainly, contents))

    require(_mail(renderer, contents[0], 1), _mail(renderer, contents[0], 1), "the same mail again")
    works, limits = in_turns(write, limit)
    return Figure(
        "B14M",
        f"{MAILS:,} e-mails as text and HTML",
        f"{median(works):.2f} s",
        f"mails of one line by the library: {median(limits):.2f} s",
        shown(ratios(limits, works)),
        [_goal(works, 2.0)],
    )


def _letters(renderer: Renderer) -> Figure:
    contents = _contents(LETTERS)

    def write(number: int) -> float:
        return timed(lambda: _each(renderer.letter, contents))

    require(renderer.letter(contents[0]), renderer.letter(contents[0]), "the same letter again")
    [works] = in_turns(write, pairs=1)
    return Figure(
        "B14L", f"{LETTERS:,} letters, one after the other", f"{median(works):.2f} s", goals=[_goal(works, 30.0)]
    )


def _goal(works: Sequence[float], most: float) -> Goal:
    took = median(works)
    return Goal(f"<= {most:.0f} s ({took:.2f} s)", took <= most)


def _each(write: Callable[[Content], object], contents: Iterable[Content]) -> None:
    """One after the other, none of them kept: so they are handed over."""
    for content in contents:
        write(content)


def _mail(renderer: Renderer, content: Content, number: int) -> bytes:
    message_id = f"{content.debtor.number}.{number}@example.com"
    return renderer.email(content, sender=SENDER, message_id=message_id, date=AT).data


def _plainly(content: Content) -> bytes:
    """A mail of one line by the library."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = SENDER, content.debtor.email, f"Reminder: {content.lines[0].number}"
    mail.set_content("Please pay.")
    mail.add_alternative("<p>Please pay.</p>", subtype="html")
    return mail.as_bytes()


def _contents(count: int) -> list[Content]:
    """To as many customers, in all languages in turn, about two invoices each, one of them paid in part."""
    several = {language: samples(language, "second_reminder", "firm")[0] for language in LANGUAGES}
    found = []
    for number in range(count):
        content = several[LANGUAGES[number % len(LANGUAGES)]]
        lines = tuple(replace(line, currency="EUR") for line in content.lines)
        debtor = replace(content.debtor, number=f"C-{number}", name=f"Müller & Søn {number}")
        found.append(replace(content, debtor=debtor, lines=lines))
    return found
