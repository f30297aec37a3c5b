"""Which home a command works in, and whether somebody has said which ledger is meant."""

import os
from pathlib import Path

import pytest

from infra.choosing import demo_home, is_demo, is_ledger_named, use_demo_home, use_home, why
from infra.settings import Settings

URL = "postgresql://us@db.firm.example/ledger"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("RECEIVABLES_"):
            monkeypatch.delenv(name)
    # What is set from here on is taken back as well.
    for name in ("RECEIVABLES_HOME", "RECEIVABLES_SETTINGS", "RECEIVABLES_DATABASE_URL", "RECEIVABLES_SMTP_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_by_default_no_ledger_is_named_and_the_demonstration_is_beside_ones_books(tmp_path: Path):
    assert not is_ledger_named()
    assert (Settings.load().home, demo_home()) == (tmp_path / "receivables", tmp_path / "receivables-demo")
    assert why(Settings.load()).startswith("the default")


def test_what_stands_in_the_default_home_names_no_ledger(tmp_path: Path):
    (tmp_path / "receivables").mkdir()
    (tmp_path / "receivables" / "receivables.toml").write_text(f'database_url = "{URL}"\n')
    assert not is_ledger_named() and Settings.load().database_url == URL


@pytest.mark.parametrize(("name", "value"), [("RECEIVABLES_HOME", "/tmp/mine"), ("RECEIVABLES_DATABASE_URL", URL)])
def test_a_home_or_a_database_of_the_environment_names_one(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    assert is_ledger_named()


@pytest.mark.parametrize(
    ("content", "is_named"),
    [('entity = "north"', False), ('home = "/tmp/mine"', True), (f'database_url = "{URL}"', True)],
)
def test_a_settings_file_names_one_if_it_says_which(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, is_named: bool
):
    (tmp_path / "ours.toml").write_text(content)
    monkeypatch.setenv("RECEIVABLES_SETTINGS", str(tmp_path / "ours.toml"))
    assert is_ledger_named() == is_named
    assert ("named in" in why(Settings.load())) == ("home" in content)


def test_a_home_that_is_used_is_that_of_all_settings_from_then_on(tmp_path: Path):
    use_home(tmp_path / "mine")
    assert Settings.load().home == tmp_path / "mine"
    assert why(Settings.load()) == "named by --home or RECEIVABLES_HOME"


def test_in_the_demonstrations_home_nothing_of_ones_own_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "ours.toml").write_text('entity = "north"')
    mine = {"SETTINGS": str(tmp_path / "ours.toml"), "DATABASE_URL": URL, "SMTP_URL": "smtp://mail.firm.example"}
    for name, value in (mine | {"MASTER_KEY_FILE": "/safe/key", "CHECKPOINT_FILE": "/safe/points"}).items():
        monkeypatch.setenv(f"RECEIVABLES_{name}", value)
    use_demo_home()
    found = Settings.load()
    assert is_demo(found.home) and why(found) == "the demonstration's own"
    assert (found.database_url, found.smtp_url, found.entity) == (None, None, "main")
    assert found.master_key_file.parent == found.checkpoint_file.parent == demo_home()
