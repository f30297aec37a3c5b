from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from infra.post.ways import mail_domain, ways_out
from infra.settings import Settings, strangers, without_password
from infra.unavailable import Unavailable


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def load(home, monkeypatch):
    def read(**variables):
        for name, value in {"RECEIVABLES_HOME": str(home), **variables}.items():
            monkeypatch.setenv(name, value)
        return Settings.load()

    return read


def write(home, text):
    home.mkdir(exist_ok=True)
    (home / "receivables.toml").write_text(text)


def test_nothing_set_is_the_embedded_ledger_in_the_users_folder(monkeypatch):
    monkeypatch.delenv("RECEIVABLES_HOME", raising=False)
    found = Settings.load()
    assert (found.home.name, found.database_url, found.entity) == ("receivables", None, "main")
    assert (found.zone, found.buckets, found.log_level) == (ZoneInfo("UTC"), (30, 60, 90), "warning")
    assert found.checkpoint_file == found.home / "checkpoints.jsonl"
    assert found.master_key_file == found.home / "master.key"
    assert (found.metrics_port, found.metrics_host) == (None, "127.0.0.1")
    assert found.actor


def test_variables_are_read_by_name(load):
    found = load(
        RECEIVABLES_DATABASE_URL="postgresql://ann:x@db/ledger",
        RECEIVABLES_ENTITY=" north ",
        RECEIVABLES_TIME_ZONE="Europe/Berlin",
        RECEIVABLES_BUCKETS="15, 45,90,180",
        RECEIVABLES_REPORTING_CURRENCY="eur",
        RECEIVABLES_ACTOR="ann",
        RECEIVABLES_LOG_LEVEL="DEBUG",
        RECEIVABLES_CHECKPOINT_FILE="/safe/checkpoints",
        RECEIVABLES_RATES_FILE="rates.csv",
    )
    assert (found.entity, found.zone, found.buckets) == ("north", ZoneInfo("Europe/Berlin"), (15, 45, 90, 180))
    assert (found.reporting_currency, found.actor, found.log_level) == ("EUR", "ann", "debug")
    assert (found.checkpoint_file, found.rates_file) == (Path("/safe/checkpoints"), Path.cwd() / "rates.csv")
    assert found.warnings == ()


def test_what_is_given_counts_before_the_environment_and_that_before_the_file(home, load):
    load(RECEIVABLES_ACTOR="environment", RECEIVABLES_LOG_LEVEL="info")
    write(home, 'entity = "file"\nactor = "file"\nlog_level = "error"\nbuckets = [10, 20]')
    found = Settings.load(log_level="debug")
    assert (found.entity, found.actor, found.log_level, found.buckets) == ("file", "environment", "debug", (10, 20))


def test_a_file_named_elsewhere_may_name_the_home(tmp_path, monkeypatch):
    monkeypatch.delenv("RECEIVABLES_HOME", raising=False)
    monkeypatch.setenv("RECEIVABLES_SETTINGS", str(tmp_path / "elsewhere.toml"))
    file = tmp_path / "elsewhere.toml"
    file.write_text(f'home = "{tmp_path}/ledger"')
    assert Settings.load().home == tmp_path / "ledger"


def test_an_empty_variable_is_as_good_as_none(load):
    assert load(RECEIVABLES_DATABASE_URL="", RECEIVABLES_BUCKETS="").buckets == (30, 60, 90)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TIME_ZONE", "Mars/Phobos", "is no time zone: use a name such as Europe/Berlin"),
        ("TIME_ZONE", "../etc/passwd", "is no time zone"),
        ("BUCKETS", "30,sixty", "is no rising list of days: use 30,60,90"),
        ("BUCKETS", "30,30", "is no rising list"),
        ("BUCKETS", "0,30", "is no rising list"),
        ("REPORTING_CURRENCY", "EURO", "is no ISO 4217 currency"),
        ("LOG_LEVEL", "loud", "is none of debug, info, warning, error"),
        ("DATABASE_URL", "mysql://db/ledger", "is no address of a PostgreSQL database"),
        ("ENTITY", "  ", "is no plain text"),
        ("METRICS_PORT", "70000", "is no port: use 1 to 65535, or 0 for a free one"),
        ("METRICS_PORT", "http", "is no port"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_its_variable(load, name, value, message):
    with pytest.raises(Unavailable) as problem:
        load(**{f"RECEIVABLES_{name}": value})
    assert problem.value.message.startswith(f"RECEIVABLES_{name} is {value!r}, which ")
    assert message in problem.value.message


def test_a_wrong_address_is_shown_without_its_password(load):
    with pytest.raises(Unavailable) as problem:
        load(RECEIVABLES_DATABASE_URL="mysql://ann:secret@db/ledger")
    assert "secret" not in problem.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("entity = ", "cannot be read"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "cannot be read"),
        ("a = " + "9" * 5_000, "cannot be read"),
        ("entitty = 'x'", "sets entitty, which is no setting there: did you mean entity?"),
        ("home = '/x'", "sets home, which is no setting there"),
        ("time_zone = 3", "time_zone in"),
        ("buckets = 'many'", "is no rising list of days"),
        ("buckets = [30, 9223372036854775808]", "is no rising list of days"),
    ],
)
def test_a_wrong_file_is_one_sentence_that_names_it(home, load, text, message):
    write(home, text)
    with pytest.raises(Unavailable) as problem:
        load()
    assert message in problem.value.message
    assert str(home / "receivables.toml") in problem.value.message


def test_a_file_that_is_named_must_be_there(load):
    with pytest.raises(Unavailable, match="RECEIVABLES_SETTINGS names /nowhere.toml, and there is no such file"):
        load(RECEIVABLES_SETTINGS="/nowhere.toml")


def test_a_variable_nobody_reads_is_a_warning():
    given = {"RECEIVABLES_DATABSE_URL": "postgresql://db", "RECEIVABLES_SERVICE_HOST": "10.0.0.1", "HOME": "/x"}
    assert strangers(given) == (
        "RECEIVABLES_DATABSE_URL is no setting and changes nothing: did you mean RECEIVABLES_DATABASE_URL?",
        "RECEIVABLES_SERVICE_HOST is no setting and changes nothing.",
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:secret@db:5432/ledger?sslmode=require", "postgresql://ann@db:5432/ledger?sslmode=require"),
        ("postgresql://ann:sec/r@et@db/ledger", "postgresql://ann@db/ledger"),
        ("postgresql://ann@db/ledger", "postgresql://ann@db/ledger"),
        ("postgres://db/ledger", "postgres://db/ledger"),
        ("postgresql:///ledger?host=/run/pg&user=ann&password=secret", "postgresql:///ledger?host=/run/pg&user=ann"),
        ("postgresql:///ledger?password=secret&user=ann", "postgresql:///ledger?user=ann"),
    ],
)
def test_a_database_is_shown_without_its_password(home, url, shown):
    assert without_password(url) == shown
    assert Settings(home=home, database_url=url).shown_database == shown


def test_settings_can_be_printed_without_their_password(home):
    assert "secret" not in repr(Settings(home=home, database_url="postgresql://ann:secret@db/ledger"))


def test_the_embedded_database_is_shown_by_its_home(home):
    assert Settings(home=home).shown_database == f"embedded in {home}"


# Mail


def test_without_a_mail_server_mails_are_files_in_the_home(load):
    found = load()
    assert (found.smtp_url, found.mail_sender, found.staff_mail) == (None, None, None)
    assert found.shown_mail == f"files in {found.home}/outbox/mail"


def test_a_mail_server_is_set_and_its_password_shown_nowhere(load):
    found = load(
        RECEIVABLES_SMTP_URL="smtp://ann:s%40cret@mail.example:587?tls=starttls",
        RECEIVABLES_MAIL_SENDER="Firm, Billing <billing@firm.example>",
        RECEIVABLES_STAFF_MAIL="staff@firm.example",
    )
    assert found.shown_mail == "smtp://ann@mail.example:587?tls=starttls"
    assert "cret" not in repr(found) + found.shown_mail
    assert (found.mail_sender, found.staff_mail) == ("Firm, Billing <billing@firm.example>", "staff@firm.example")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SMTP_URL", "http://ann:secret@mail.example", "is no address of a mail server"),
        ("SMTP_URL", "smtp://ann:secret@mail.example:99999", "has no port"),
        ("SMTP_URL", "smtp://ann:secret@mail.example?tls=none", "would send the password in the clear"),
        ("SMTP_URL", "smtp://ann:secret@mail.example?tls=no", "asks for another tls"),
        ("MAIL_SENDER", "billing", "is no e-mail address: use billing@firm.example"),
        ("MAIL_SENDER", "a@b.example\nBcc: eve@x.example", "is no plain text"),
        ("MAIL_SENDER", "a@b.example, c@d.example", "is no e-mail address"),
        ("STAFF_MAIL", "jürgen@firm.example", "has signs in its address"),
    ],
)
def test_a_wrong_setting_of_mail_names_itself_and_what_is_wrong_without_a_password(load, name, value, message):
    with pytest.raises(Unavailable, match=message) as refusal:
        load(**{f"RECEIVABLES_{name}": value})
    assert f"RECEIVABLES_{name} is" in refusal.value.message
    assert "secret" not in refusal.value.message


def test_a_mail_server_without_a_sender_is_said_before_anything_is_sent(load):
    found = load(RECEIVABLES_SMTP_URL="smtp://mail.example")
    with pytest.raises(Unavailable, match="set RECEIVABLES_MAIL_SENDER"):
        ways_out(found)
    assert mail_domain(found) == "receivables.invalid"
    assert mail_domain(load(RECEIVABLES_MAIL_SENDER="Firm <billing@firm.example>")) == "firm.example"
