"""What is typed after a command, and what becomes of it."""

from itertools import count

import pytest

from tests.services.terminal import Terminal

ISSUE = ("--customer", "acme", "--issued-on", "2026-01-05", "--due-on", "2026-01-20")


@pytest.fixture(scope="module")
def terminal(shared_database_url, tmp_path_factory):
    return Terminal(shared_database_url, tmp_path_factory.mktemp("decisions"))


@pytest.fixture(scope="module")
def numbers():
    return count(1)


@pytest.fixture
def number(numbers):
    """No other test's invoice."""
    return f"A-{next(numbers)}"


def issue(terminal, number, amount="1000", currency="EUR", *more):
    return terminal.json("invoice", "issue", number, "--amount", amount, "--currency", currency, *ISSUE, *more)


def last(terminal, *subject):
    return terminal.json("audit", "show", *subject)["facts"][-1]


@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [("EUR", "120.5", 12050), ("JPY", "84072", 84072), ("KWD", "1.234", 1234), ("USD", "1,234.56", 123456)],
)
def test_an_amount_is_read_by_the_currency_of_its_invoice(terminal, number, currency, typed, minor):
    issue(terminal, number, "100,000", currency)
    terminal.run("invoice", "dispute", number, "--reason-code", "price", "--amount", typed, "--on", "2026-01-10")
    assert last(terminal, number)["data"]["amount_minor"] == minor


def test_shares_are_typed_in_per_cent(terminal, number):
    issue(terminal, number)
    terminal.run("invoice", "place", number, "--agency", "Fairway", "--commission", "12.5", "--on", "2026-02-01")
    assert last(terminal, number)["data"]["commission_basis_points"] == 1250


def test_schedules_and_discounts_are_typed_as_they_are_spoken(terminal):
    terminal.run("customer", "register", "acme")
    terminal.run("customer", "terms", "acme", "--step", "0:30", "--step", "30:70", "--discount", "2/10")
    data = last(terminal, "--customer", "acme")["data"]
    assert data["schedule"] == [{"days": 0, "basis_points": 3000}, {"days": 30, "basis_points": 7000}]
    assert data["discounts"] == [{"days": 10, "basis_points": 200}]
    assert (data["is_consumer"], data["holds_delivery"]) == (False, False)
    terminal.run("customer", "terms", "acme", "--step", "14")
    assert last(terminal, "--customer", "acme")["data"]["schedule"] == [{"days": 14, "basis_points": 10000}]


def test_terms_by_the_month_and_equal_parts_are_typed_as_they_are_spoken(terminal):
    terminal.run("customer", "register", "monthly")
    terminal.run("customer", "terms", "monthly", "--step", "30eom")
    assert last(terminal, "--customer", "monthly")["data"]["schedule"] == [
        {"days": 30, "basis_points": 10000, "is_end_of_month": True}
    ]
    assert "net 30 end of month" in terminal.run("customer", "show", "monthly").stdout
    terminal.run("customer", "terms", "monthly", "--step", "15th")
    assert "15th of the next month" in terminal.run("customer", "show", "monthly").stdout
    [share] = terminal.json("customer", "show", "monthly")["terms"]["schedule"]
    assert share == {"days": 0, "basis_points": 10000, "is_end_of_month": False, "day_of_next_month": 15}
    asked = ("--customer", "monthly", "--amount", "30000", "--currency", "EUR", "--issued-on", "2026-01-05")
    terminal.run("invoice", "issue", "M-1", *asked)
    assert last(terminal, "M-1")["data"]["instalments"] == [{"due_on": "2026-02-15", "minor": 30000_00}]
    terminal.run("invoice", "issue", "M-2", *asked, "--step", "30", "--step", "60eom", "--step", "31st")
    assert last(terminal, "M-2")["data"]["instalments"] == [
        {"due_on": "2026-02-04", "minor": 10000_00},
        {"due_on": "2026-03-31", "minor": 10000_00},
        {"due_on": "2026-02-28", "minor": 10000_00},
    ]
    terminal.run("customer", "terms", "monthly", "--step", "0", "--step", "30", "--step", "60eom")
    shown = terminal.run("customer", "show", "monthly").stdout
    assert "1/3 in 0 days, 1/3 in 30 days, 1/3 in 60 days end of month" in shown


def test_how_terms_are_typed_is_taught_where_they_are_asked_for(terminal):
    for command in (("customer", "terms"), ("invoice", "issue")):
        said = " ".join(terminal.run(*command, "--help").stdout.replace("│", " ").split())
        for form in ("(30)", "(30eom)", "(15th, 30+15th)", "(30:40)", "else equal parts"):
            assert form in said


@pytest.mark.parametrize(("typed", "code"), [("30:", "wrong_use"), ("15th+30", "wrong_use"), ("15", "bad_schedule")])
def test_a_step_that_makes_no_sense_is_refused(terminal, typed, code):
    terminal.run("customer", "register", "wrong")
    exits = 2 if code == "wrong_use" else 1
    assert terminal.refused("customer", "terms", "wrong", "--step", "0:50", "--step", typed, exits=exits)[0] == code


def test_the_discount_shown_is_the_discount_given(terminal, number):
    issue(terminal, number, "1000", "EUR", "--discount", "2/10")
    credit = ("--credit-note", f"CN-{number}", "--amount", "100", "--reason", "goods came back", "--on", "2026-01-06")
    terminal.run("invoice", "credit", number, *credit)
    assert terminal.json("invoice", "show", number)["discounts"] == [{"until_on": "2026-01-15", "amount": "18.00"}]
    money = ("--amount", "882", "--currency", "EUR", "--value-on", "2026-01-15", "--invoice", number)
    terminal.run("receipt", "record", f"P-{number}", *money)
    shown = terminal.json("invoice", "show", number)
    assert (shown["open"], shown["discounts"], shown["payments"][0]["discount"]) == ("0.00", [], "18.00")


def test_an_invoice_takes_a_schedule_and_discounts_of_its_own(terminal, number):
    more = ("--step", "0:30", "--step", "30:70", "--discount", "3/5", "--tax", "159.66", "--document-on", "2026-01-02")
    asked = ("--customer", "acme", "--amount", "1000", "--currency", "EUR", "--issued-on", "2026-01-05")
    terminal.run("invoice", "issue", number, *asked, *more)
    data = last(terminal, number)["data"]
    assert data["instalments"] == [{"due_on": "2026-01-05", "minor": 30000}, {"due_on": "2026-02-04", "minor": 70000}]
    assert data["discounts"] == [{"until_on": "2026-01-10", "minor": 3000}]
    assert (data["tax_minor"], data["document_on"]) == (15966, "2026-01-02")


def test_instalments_are_a_day_and_an_amount(terminal, number):
    issue(terminal, number, "300", "JPY")
    plan = ("--instalment", "2026-03-01=100", "--instalment", "2026-04-01=200")
    terminal.run("invoice", "plan", number, *plan, "--on", "2026-02-01")
    instalments = last(terminal, number)["data"]["instalments"]
    assert instalments == [{"due_on": "2026-03-01", "minor": 100}, {"due_on": "2026-04-01", "minor": 200}]


def test_a_receipt_pays_the_amounts_that_are_typed_with_its_invoices(terminal, number):
    issue(terminal, number)
    issue(terminal, f"{number}b")
    money = ("--amount", "900", "--currency", "EUR", "--value-on", "2026-01-20")
    terminal.run("receipt", "record", "P-1", *money, "--invoice", f"{number}=300", "--invoice", f"{number}b=500")
    shown = terminal.json("receipt", "show", "P-1")
    assert shown["unallocated"] == "100.00"
    allocated = [(each["invoice"], each["amount"]) for each in shown["allocations"]]
    assert allocated == [(number, "300.00"), (f"{number}b", "500.00")]


def test_a_fact_says_who_why_and_under_which_command(terminal, number):
    issue(terminal, number, "1000", "EUR", "--actor", "ann", "--reason", "contract 7", "--command-id", f"c-{number}")
    fact = terminal.json("audit", "show", number)["facts"][0]
    assert (fact["actor"], fact["reason"], fact["command_id"]) == ("ann", "contract 7", f"c-{number}")


def test_the_same_command_id_again_gives_the_first_answer(terminal, number):
    first = issue(terminal, number, "1000", "EUR", "--command-id", f"c-{number}")
    again = issue(terminal, number, "1000", "EUR", "--command-id", f"c-{number}")
    assert again == {**first, "is_repeat": True}
    code, message = terminal.refused("invoice", "void", number, "--reason", "x", "--command-id", f"c-{number}")
    assert code == "command_reused" and f"c-{number}" in message


def test_an_invoice_of_another_entity_is_another_invoice(terminal, number):
    issue(terminal, number, "1000", "EUR", "--entity", "north")
    assert terminal.refused("invoice", "void", number, "--reason", "x")[0] == "not_issued"
    terminal.run("invoice", "void", number, "--reason", "x", "--entity", "north")


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ("invoice credit A-1 --credit-note C --reason x --amount ten", "not_an_amount", "is not an amount"),
        (
            "invoice credit A-1 --credit-note C --reason x --amount 1.234",
            "too_many_decimals",
            "has 3 decimals, EUR has 2",
        ),
        ("invoice credit A-1 --credit-note C --reason x --amount nan", "not_an_amount", "is not an amount"),
        ("invoice credit A-1 --credit-note C --reason x", "wrong_use", "Missing option '--amount'"),
        ("invoice place A-1 --agency F --commission much", "not_a_percent", "is not a per cent"),
        ("invoice place A-1 --agency F --commission 0.001", "not_a_percent", "finer than a hundredth of a per cent"),
        ("invoice place A-1 --agency F --commission Infinity", "not_a_percent", "finer than a hundredth"),
        ("invoice plan A-1 --instalment 2026-03-01", "wrong_use", "is not DAY=AMOUNT"),
        ("invoice plan A-1 --instalment soon=100", "wrong_use", "is not a day such as"),
        ("invoice promise A-1 --pay-on 2026-02-30", "wrong_use", "is not a day such as"),
        (
            "invoice issue A-2 --customer acme --amount 1 --currency XXX",
            "unknown_currency",
            "'XXX' is not an ISO 4217 currency code",
        ),
        (
            "invoice issue A-2 --customer acme --amount 1 --currency EUR --step x",
            "wrong_use",
            "is no step such as 30, 30:40, 30eom or 15th",
        ),
        (
            "invoice issue A-2 --customer acme --amount 1 --currency EUR --step 999999999",
            "argument_wrong",
            "schedule.0.days: Input should be less than or equal to 36500",
        ),
        ("customer terms acme --step 30 --discount 2", "wrong_use", "is not PERCENT/DAYS"),
        ("customer limit acme --amount 5 --reason x", "wrong_use", "Missing option '--currency'"),
        ("customer replenish acme --left 5", "argument_missing", "name the currency"),
        ("customer contact acme", "argument_missing", "name at least one of"),
        (
            "invoice issue A-2 --customer acme --amount 1 --currency EUR --colour red",
            "wrong_use",
            "No such option: --colour",
        ),
        ("invoice pay A-1", "wrong_use", "No such command 'pay'"),
        ("invoice show", "wrong_use", "Missing argument 'NUMBER'"),
    ],
)
def test_what_cannot_be_read_is_wrong_use(terminal, number, typed, code, message):
    if "A-1" in typed:
        issue(terminal, number)
    refused, said = terminal.refused(*typed.replace("A-1", number).split(), exits=2)
    assert refused == code
    assert message in said


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("invoice void Z-9 --reason x", "not_issued"),
        ("invoice show Z-9", "not_issued"),
        ("customer show nobody", "not_registered"),
        ("customer hold nobody --scope orders --reason x", "not_registered"),
        ("receipt show P-9", "not_received"),
        ("receipt refund P-9 --amount 1 --reference x", "not_received"),
        ("receipt allocate P-9", "not_received"),
        ("receipt reverse P-9 --reason x", "not_received"),
    ],
)
def test_what_a_rule_forbids_is_refused_under_a_stable_code(terminal, typed, code):
    assert terminal.refused(*typed.split())[0] == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("invoice issue A-1 --customer acme --currency EUR --amount -5", "not_positive"),
        ("invoice issue A-1 --customer acme --currency EUR --amount 5 --tax 6", "tax_out_of_range"),
        ("invoice issue A-1 --customer a\tb --currency EUR --amount 5", "bad_key"),
        ("customer limit acme --amount -5 --currency EUR --reason x", "negative"),
        ("customer hold acme --scope everything --reason x", "unknown_hold"),
        ("customer check acme --source s --score 101 --expires-on 2026-12-31", "bad_score"),
        ("aging --as-of 0001-01-01", "bad_day"),
        ("aging --currency XXX", "unknown_currency"),
        ("forecast --weeks 999", "bad_weeks"),
    ],
)
def test_what_no_ledger_would_take_is_wrong_use_whatever_is_recorded(terminal, typed, code):
    terminal.run("customer", "register", "acme")
    assert terminal.refused(*typed.split(" "), exits=2)[0] == code


def test_a_refusal_is_one_sentence_for_people(terminal, number):
    result = terminal.run("invoice", "show", "Z-9", exits=1)
    assert (result.stdout, result.stderr) == ("", "not_issued: there is no invoice Z-9 of main on that day\n")


def test_a_command_says_what_it_did_and_what_is_open_now_and_so_does_its_repeat(terminal, number):
    issue(terminal, number)
    void = ("invoice", "void", number, "--reason", "typed twice", "--command-id", f"void {number}")
    said = f"Invoice {number} is voided: 1,000.00 EUR less, nothing open.\n"
    assert terminal.run(*void).stdout == said
    assert terminal.run(*void).stdout == f"Done before under this command id; the first answer was:\n{said}"
    again = terminal.run("invoice", "void", number, "--reason", "typed twice").stdout
    assert again == "Nothing to do: that is how it is already.\n"


def test_what_a_repeat_says_is_what_was_so_the_first_time(terminal, number):
    issue(terminal, number)
    fee = ("invoice", "fee", number, "--amount", "5", "--basis", "agreed", "--on", "2026-02-20", "--command-id", number)
    first = terminal.run(*fee).stdout
    assert first == f"Invoice {number}: fee of 5.00 EUR, due 2026-02-20; 5.00 EUR more, 1,005.00 EUR open.\n"
    terminal.run("invoice", "write-off", number, "--reason", "insolvent")
    assert terminal.run(*fee).stdout.endswith(first)


def test_money_that_pays_many_invoices_tells_of_the_first_ones(terminal):
    for nth in range(22):
        terminal.run("invoice", "issue", f"MANY-{nth}", "--amount", "10", "--currency", "EUR", "--customer", "many")
    money = ("--amount", "220", "--currency", "EUR", "--customer", "many")
    told = terminal.run("receipt", "record", "MANY-P", *money).stdout
    assert told.count(" pays invoice MANY-") == 19
    assert "And so with 3 more.\n" in told


def test_a_receipt_tells_where_its_money_is_and_since_when(terminal):
    for typed in (
        "invoice issue W-1 --customer wanda --amount 100 --currency EUR --issued-on 2026-01-05 --due-on 2026-02-05",
        "invoice fee W-1 --amount 5 --basis reminder --on 2026-02-20",
        "receipt record W-P --amount 130 --currency EUR --invoice W-1 --value-on 2026-02-06",
    ):
        told = terminal.run(*typed.split()).stdout
    received, *paid = told.splitlines()[:3]
    assert (
        received
        == "Receipt W-P: 130.00 EUR received from wanda, value 2026-02-06; 25.00 EUR stays on account of wanda."
    )
    assert paid == [
        "100.00 EUR of receipt W-P pays invoice W-1 from 2026-02-06 on: 5.00 EUR open.",
        "5.00 EUR of receipt W-P pays invoice W-1 from 2026-02-20 on: nothing open.",
    ]
    assert [made["effective_on"] for made in terminal.json("receipt", "show", "W-P")["allocations"]] == [
        "2026-02-06",
        "2026-02-20",
    ]
