"""Which home a command works in, and why: by what was typed, by the environment or its settings file, or by default.

The demonstration has a home of its own beside the default one, so that what is only played is in nobody's books.
"""

import os
from pathlib import Path

from platformdirs import user_data_path

from infra.settings import FILE_VARIABLE, PREFIX, Settings

# What would lead from the demonstration's home to a ledger, a key or a mail server of one's own.
_OF_ONES_OWN = ("DATABASE_URL", "REPORTING_URL", "MASTER_KEY_FILE", "CHECKPOINT_FILE", "SMTP_URL")
_WHERE = {"home", "database_url"}


def demo_home() -> Path:
    return user_data_path("receivables-demo", appauthor=False)


def use_home(home: Path) -> None:
    """From now on, for this process and those it starts."""
    os.environ[PREFIX + "HOME"] = str(home.expanduser().absolute())


def use_demo_home() -> None:
    """Whatever is set: nothing of one's own ledger counts any more."""
    for name in (FILE_VARIABLE, *(PREFIX + each for each in _OF_ONES_OWN)):
        os.environ.pop(name, None)
    use_home(demo_home())


def is_ledger_named() -> bool:
    """Whether somebody said which ledger is meant. What stands in the default home itself names none."""
    if any(os.environ.get(PREFIX + each.upper()) for each in _WHERE):
        return True
    return bool(os.environ.get(FILE_VARIABLE)) and not _WHERE.isdisjoint(Settings.load().model_fields_set)


def is_demo(home: Path) -> bool:
    return home == demo_home()


def why(settings: Settings) -> str:
    if is_demo(settings.home):
        return "the demonstration's own"
    if os.environ.get(PREFIX + "HOME"):
        return f"named by --home or {PREFIX}HOME"
    if "home" in settings.model_fields_set:
        return f"named in {os.environ.get(FILE_VARIABLE)}"
    return f"the default: neither --home nor {PREFIX}HOME names another"
