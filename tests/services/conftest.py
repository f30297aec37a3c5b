from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.refusal import Refused
from infra.settings import Settings
from services.assembly import App, assemble
from tests.services.desk import Desk
from tests.services.terminal import Terminal


class SetClock:
    """Stands still until it is set."""

    def __init__(self, at: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **period: int) -> None:
        self.at += timedelta(**period)


def keep_views(app: App) -> None:
    """As a projector beside the app would."""
    snapshot = app.views.snapshot

    def kept(*names: str, **how: Any) -> Any:
        app.bring_views_up_to_date()
        return snapshot(*names, **how)

    app.views.snapshot = kept  # type: ignore[method-assign]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[App]:
    """The whole house on a database of the test's own."""
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        keep_views(app)
        yield app


@pytest.fixture
def terminal(database_url: str, tmp_path: Path) -> Terminal:
    """The command line on a database of the test's own."""
    return Terminal(database_url, tmp_path)


@pytest.fixture
def refused() -> Callable[[str], Any]:
    """`with refused(code):` what is done in it must be refused under that code."""
    return lambda code: pytest.raises(Refused, check=lambda refusal: refusal.code == code)


@pytest.fixture
def desk(app: App) -> Desk:
    return Desk(app)
