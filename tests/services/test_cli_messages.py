"""`receivables message preview` and `approve`, as they are typed."""

import pytest

CREDITOR = """
[main]
name = "Nordwind GmbH"
address = ["Hafenstraße 12", "20457 Hamburg"]
email = "forderungen@nordwind.example"
phone = "+49 40 1234"
iban = "DE89370400440532013000"
"""


@pytest.fixture
def owed(terminal):
    """acme owes R-1, overdue, and R-2, not yet due."""
    issue = ("invoice", "issue", "--customer", "acme", "--currency", "EUR")
    terminal.run(*issue, "R-1", "--amount", "1234.56", "--issued-on", "2025-09-01", "--due-on", "2025-10-01")
    terminal.run(*issue, "R-2", "--amount", "50", "--issued-on", "2025-09-01", "--due-on", "2026-06-30")
    terminal.run("customer", "contact", "acme", "--name", "Müller <b> {{7*7}}", "--email", "ann@example.org")
    (terminal.home / "creditors.toml").write_text(CREDITOR, encoding="utf-8")
    return ("--on", "2025-10-20")


def preview(terminal, *typed, exits=0):
    return terminal.run("message", "preview", *typed, exits=exits)


def test_a_message_to_a_customer_is_about_what_is_overdue_and_states_the_rest(terminal, owed):
    shown = preview(terminal, "acme", "--step", "second_reminder", "--language", "nl", *owed)
    assert shown.stderr == ""
    subject, _, text = shown.stdout.partition("\n\n")
    assert subject == "Aanmaning: factuur R-1, 19 dagen te laat"
    assert "Te betalen: €\N{NO-BREAK SPACE}1.234,56" in text
    assert "R-2, vervaldatum 30 juni 2026" in text.partition("\n--\n")[2]


def test_a_message_about_an_invoice_is_about_it_alone_whether_it_is_due_or_not(terminal, owed):
    shown = preview(terminal, "R-2", "--step", "notice_7", *owed).stdout
    assert shown.startswith("Invoice R-2 falls due on 30 June 2026\n")
    assert "by 30 June 2026" in shown


def test_a_name_prints_as_it_is(terminal, owed):
    assert "Dear Müller <b> {{7*7}}," in preview(terminal, "R-1", "--step", "due_today", *owed).stdout
    html = preview(terminal, "R-1", "--step", "due_today", "--as", "html", *owed).stdout
    assert "Dear Müller &lt;b&gt; {{7*7}}," in html


def test_a_letter_is_written_here_by_its_number_step_and_language(terminal, owed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = preview(terminal, "R-1", "--step", "bureau_warning", "--language", "de", "--as", "pdf", *owed)
    assert shown.stdout.strip() == "written to R-1-bureau_warning-de.pdf"
    letter = (tmp_path / "R-1-bureau_warning-de.pdf").read_bytes()
    assert letter.startswith(b"%PDF")
    preview(terminal, "R-1", "--step", "bureau_warning", "--language", "de", "--as", "pdf", *owed, "--to", "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == letter


def test_a_script_and_a_page_can_go_to_a_file(terminal, owed, tmp_path):
    file = tmp_path / "page"
    preview(terminal, "acme", "--step", "firm_call", "--as", "script", *owed, "--to", file)
    assert file.read_text(encoding="utf-8").startswith("Good morning, this is Nordwind GmbH")
    preview(terminal, "acme", "--step", "firm_call", "--as", "html", *owed, "--to", file)
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_nothing_is_recorded_by_a_preview(terminal, owed):
    before = terminal.json("views", "list")
    preview(terminal, "acme", "--step", "due_today", *owed)
    assert terminal.json("views", "list") == before
    assert not (terminal.home / "outbox").exists()


def test_what_the_creditors_file_lacks_is_said(terminal, owed):
    (terminal.home / "creditors.toml").unlink()
    shown = preview(terminal, "R-1", "--step", "due_today", *owed)
    assert "creditors.toml says no address, email, phone, iban of main" in shown.stderr
    assert "IBAN" not in shown.stdout


@pytest.mark.parametrize(
    ("typed", "code", "exits"),
    [
        (("nobody", "--step", "due_today"), "not_registered", 1),
        (("R-1", "--step", "duetoday"), "unknown_step", 1),
        (("R-1", "--step", "due_today", "--language", "fr"), "unknown_language", 2),
    ],
)
def test_what_cannot_be_shown_says_why(terminal, owed, typed, code, exits):
    assert preview(terminal, *typed, *owed, exits=exits).stderr.startswith(f"{code}: ")


def test_nothing_is_shown_about_an_invoice_that_is_paid(terminal, owed):
    paid = ("--amount", "1234.56", "--currency", "EUR", "--invoice", "R-1", "--value-on", "2025-10-05")
    terminal.run("receipt", "record", "B-1", *paid)
    assert preview(terminal, "R-1", "--step", "due_today", *owed, exits=1).stderr.startswith("nothing_open: ")


def test_a_wrong_creditors_file_or_text_ends_it_in_one_sentence(terminal, owed):
    (terminal.home / "creditors.toml").write_text('[main]\nname = "A"\niban = "DE1"', encoding="utf-8")
    wrong = preview(terminal, "R-1", "--step", "due_today", *owed, exits=3).stderr
    assert wrong.startswith("unavailable: main.iban in ")
    (terminal.home / "creditors.toml").unlink()
    edit(terminal, '[steps.due_today]\nbody = "{{ debtor.secret }}"')
    unfit = preview(terminal, "R-1", "--step", "due_today", *owed, exits=1).stderr
    assert "text_unfit: steps.due_today.body, line 1: undefined value" in unfit


# Approving


def edit(terminal, text):
    (terminal.home / "texts").mkdir(exist_ok=True)
    (terminal.home / "texts" / "en.toml").write_text(text, encoding="utf-8")


def test_edited_texts_are_shown_with_a_warning_until_a_named_person_approves_them(terminal, owed):
    edit(terminal, '[common]\nregards = "Cheers"')
    shown = preview(terminal, "R-1", "--step", "due_today", *owed)
    assert "Cheers" in shown.stdout
    assert "`receivables message approve en`" in shown.stderr
    approved = terminal.run("message", "approve", "en", "--by", "Lisa Law")
    assert "Texts in en approved." in approved.stdout
    assert "Edited: common.regards" in approved.stdout
    assert preview(terminal, "R-1", "--step", "due_today", *owed).stderr == ""
    again = terminal.json("message", "approve", "en", "--by", "Lisa Law")
    assert again["facts"] == []
    [fact] = terminal.json("audit", "search", "--kind", "text")["facts"]
    assert (fact["actor"], fact["data"]["language"]) == ("Lisa Law", "en")


def test_texts_that_cannot_be_printed_are_not_approved(terminal):
    edit(terminal, '[tones.formal]\nscript = "{{ debtor.phone }}"')
    code, message = terminal.refused("message", "approve", "en")
    assert (code, message.partition(":")[0]) == ("text_unfit", "tones.formal.script, line 1")
    assert terminal.refused("message", "approve", "fr", exits=2)[0] == "unknown_language"
