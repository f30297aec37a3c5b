"""The composition root: the one place that knows everybody.

The parts are made when they are first asked for, so that a command neither imports nor opens what it does not use.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import psycopg

from domain import customer, invoice, receipt
from domain.facts import FACTS
from infra import clock as infra_clock
from infra.clock import Clock, Entropy, Pause
from infra.database import Pool, UnfitDatabase, create_schema, open_pool
from infra.embedded import Embedded
from infra.log.ledger import Ledger
from infra.settings import Settings, without_password
from infra.unavailable import Unavailable
from infra.views.answers import Views
from infra.views.projector import Projector, RebuildNeeded
from projections.audit.view import AuditTrail
from projections.credit_risk.view import CreditRisk
from projections.open_items.view import OpenItems

if TYPE_CHECKING:
    from infra.log.checkpoints import Checkpoints
    from infra.rates import Rates
    from infra.vault import Vault
    from services.audit import Audit
    from services.cash import Cash
    from services.claims import Claims
    from services.customers import Customers
    from services.importing import Imports
    from services.knowledge import Knowledge
    from services.metrics import Metrics
    from services.reports import Reports
    from services.risk import Risk
    from services.standing import Standing

# Seconds: the embedded server may have to recover first, of another one we only hear that it is not there.
EMBEDDED_WAIT, NAMED_WAIT = 60.0, 5.0

FOLDS: Mapping[str, Any] = {"invoice": invoice, "customer": customer, "receipt": receipt}


class App:
    """Closed at the end of `with`; the embedded server stops by itself when nobody uses it any more.

    `revive` starts the embedded server where it does not run; None where the database is not ours to start.
    """

    def __init__(
        self,
        settings: Settings,
        database_url: str,
        pool: Pool,
        *,
        clock: Clock,
        entropy: Entropy,
        new_id: Callable[[], str],
        pause: Pause,
        revive: Callable[[], object] | None = None,
    ):
        self.settings, self.database_url, self.pool, self.revive = settings, database_url, pool, revive
        self.clock, self.entropy, self.new_id, self.pause = clock, entropy, new_id, pause
        self.ledger = Ledger(pool, clock=clock, names=FACTS, folds=FOLDS, pause=pause)
        self.projector = Projector(self.ledger, pool, [OpenItems(), CreditRisk(), AuditTrail()])
        self.views = Views(pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.pool.close()

    def today(self) -> date:
        """The civil day in the ledger's time zone."""
        return self.clock().astimezone(self.settings.zone).date()

    # What is asked for

    @cached_property
    def claims(self) -> "Claims":
        from services.claims import Claims

        return Claims(self.ledger)

    @cached_property
    def customers(self) -> "Customers":
        from services.customers import Customers

        return Customers(self.ledger, self.vault, self._standing)

    @cached_property
    def cash(self) -> "Cash":
        from services.cash import Cash

        return Cash(self.ledger, self.vault, self._standing)

    @cached_property
    def imports(self) -> "Imports":
        from services.importing import Imports

        return Imports(self.ledger, self.projector, self.vault, self._standing, today=self.today, pause=self.pause)

    @cached_property
    def reports(self) -> "Reports":
        from services.reports import Reports

        return Reports(self._knowledge, self._rates, self.settings, lambda *asked: self.risk.classes(*asked))

    @cached_property
    def risk(self) -> "Risk":
        from services.risk import Risk

        return Risk(
            self._knowledge,
            self._rates,
            buckets=self.settings.buckets,
            reporting_currency=self.settings.reporting_currency,
        )

    @cached_property
    def metrics(self) -> "Metrics":
        from services.metrics import Metrics

        return Metrics(self._knowledge)

    @cached_property
    def audit(self) -> "Audit":
        from services.audit import Audit

        return Audit(self.ledger, self.views, self.checkpoints, self.vault, clock=self.clock)

    # What it is made of

    @cached_property
    def vault(self) -> "Vault":
        from infra.vault import Vault

        return Vault(self.pool, self.settings.master_key_file, clock=self.clock, entropy=self.entropy)

    @cached_property
    def checkpoints(self) -> "Checkpoints":
        from infra.log.checkpoints import Checkpoints

        return Checkpoints(self.settings.checkpoint_file, self.entropy)

    @cached_property
    def _standing(self) -> "Standing":
        from services.standing import Standing

        return Standing(self.projector, self.views)

    @cached_property
    def _knowledge(self) -> "Knowledge":
        from services.knowledge import Knowledge

        return Knowledge(self.views, self.ledger.position_at, self.clock)

    @cached_property
    def _rates(self) -> "Rates":
        from infra.rates import Rates

        return Rates.load(self.settings.rates_file)


def assemble(
    settings: Settings,
    *,
    database_url: str | None = None,
    clock: Clock = infra_clock.now,
    entropy: Entropy = infra_clock.entropy,
    new_id: Callable[[], str] = infra_clock.new_id,
    pause: Pause = infra_clock.pause,
    wait_seconds: float | None = None,
) -> App:
    """Everything, on the database that is named or else on the embedded one, which starts if it does not run.

    Raises `Unavailable` when there is no database that would do, or none that answers within `wait_seconds`.
    """
    named = database_url or settings.database_url
    embedded = Embedded(settings.home)
    url = named or embedded.url()
    patience = wait_seconds if wait_seconds is not None else NAMED_WAIT if named else EMBEDDED_WAIT
    try:
        pool = open_pool(url, wait_seconds=patience)
    except UnfitDatabase as unfit:
        raise Unavailable(f"{without_password(url)}: {unfit}.") from None
    except psycopg.Error as error:
        raise Unavailable(_no_answer(url, error)) from None
    try:
        revive = None if named else embedded.url
        app = App(settings, url, pool, clock=clock, entropy=entropy, new_id=new_id, pause=pause, revive=revive)
        _prepare(app)
    except BaseException:
        pool.close()
        raise
    return app


def _prepare(app: App) -> None:
    try:
        with app.pool.connection() as conn:
            create_schema(conn)
        # Whoever reads the view is told; everything else goes on without it.
        with suppress(RebuildNeeded):
            app.projector.prepare()
    except psycopg.Error as error:
        raise Unavailable(_no_answer(app.database_url, error)) from None


def _no_answer(url: str, error: psycopg.Error) -> str:
    # The first line says why; what follows are questions, hints and the other ways that were tried.
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    said = " ".join(first.split()).rstrip(".?")
    return (
        f"The database {without_password(url)} does not let us in: {said}. "
        "Set RECEIVABLES_DATABASE_URL to one that does, or unset it to use the embedded one."
    )
