"""One customer as a person reads them: what was agreed, how far they are trusted, what they owe."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from domain.terms import WHOLE, Share, are_equal_parts, month_in_words
from infra.files.sheets import grouped
from services.answers.customer import CustomerAnswer, Terms
from services.cli.screen.lines import print_day, print_pairs, print_rows, print_title

_FIRST = ("name", "email", "phone", "address")


def print_account(account: CustomerAnswer, console: Console) -> None:
    print_title(f"Customer {account['customer']}", console)
    print_day(account, console)
    contact = account["contact"] or {}
    names = [*(name for name in _FIRST if name in contact), *(name for name in contact if name not in _FIRST)]
    pairs = [
        ("country", account["country"]),
        ("contact", [contact[name] for name in names]),
        ("erased", "yes" if account["is_erased"] else ""),
        ("collector", account["collector"]),
        *(_terms(account["terms"]) if account["terms"] else ()),
        *_trust(account),
    ]
    print_pairs(pairs, console)
    print_rows(account["owed"], "Owed", console)
    if not account["owed"]:
        console.print("  nothing is owed", style="dim")


def terms_in_words(terms: Terms) -> str:
    """`net 30`, `net 30 end of month`, or `30 % in 0 days, 70 % in 30 days`."""
    shares = [Share(**share) for share in terms["schedule"]]
    if len(shares) == 1:
        return _when(f"net {shares[0].days}", shares[0])
    return ", ".join(f"{_part(share, shares)} {_when(f'in {share.days} days', share)}" for share in shares)


def _terms(terms: Terms) -> Iterator[tuple[str, object]]:
    yield "terms", terms_in_words(terms)
    yield (
        "discount",
        ", ".join(f"{_percent(tier['basis_points'])} within {tier['days']} days" for tier in terms["discounts"]),
    )
    yield "delivery", "held until paid" if terms["holds_delivery"] else ""
    yield "interest", terms["interest_clause"]
    yield "costs", terms["cost_clause"]
    yield "currency", terms["currency"]
    yield "law", " ".join(filter(None, [terms["jurisdiction"], "(consumer)" if terms["is_consumer"] else ""]))
    yield "contacted", f"by {terms['channel']}, language {terms['language']}"
    yield "dunning", terms["policy"]


def _trust(account: CustomerAnswer) -> Iterator[tuple[str, object]]:
    if limit := account["limit"]:
        until = f" until {limit['until']}" if limit["until"] else ""
        yield "limit", f"{grouped(limit['amount'])} {limit['currency']}{until}: {limit['reason']}"
    if check := account["credit_check"]:
        yield "credit check", f"{check['score']} of 100 by {check['source']}, expires on {check['expires_on']}"
    if review := account["review"]:
        again = f", again on {review['next_review_on']}" if review["next_review_on"] else ""
        yield "risk class", f"{review['risk_class']} by review{again}: {review['reason']}"
    yield "on hold", ", ".join(account["holds"])
    if prepayment := account["prepayment"]:
        yield "prepayment", f"{_percent(prepayment['basis_points'])} of each order: {prepayment['reason']}"
    if block := account["dunning_block"]:
        yield "no dunning", f"until {block['until']}: {block['reason']}"


def _when(days: str, share: Share) -> str:
    month = month_in_words(share)
    return " ".join(filter(None, [days if share.days or not month else "", month]))


def _part(share: Share, shares: Sequence[Share]) -> str:
    is_rounded = are_equal_parts(shares) and WHOLE % len(shares)
    return f"1/{len(shares)}" if is_rounded else _percent(share.basis_points)


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"
