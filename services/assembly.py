"""The composition root: the only module that knows all parts.

The parts are made when they are first asked for, so that a command neither imports nor opens what it does not use.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Self

import services.own_packages  # noqa: F401 - first: says so plainly where `domain` is another's
from domain.kinds import KINDS
from infra import clock as infra_clock
from infra.clock import Clock, Entropy, Pause
from infra.database import AWAY, Pool
from infra.disclosures import Disclosures
from infra.embedded import Embedded
from infra.home import claim
from infra.log.checkpoints import CheckpointKeyMissing, CheckpointKeyWrong, Checkpoints, CheckpointsGone
from infra.log.clock_guard import ClockGuard
from infra.log.ledger import Ledger, Progress
from infra.log.workers import Worker, select_workers
from infra.logs import logger
from infra.opening import NAMED_WAIT, OF_ITS_OWN, REPORTING_HINT, migrated, opened_pool, reporting_address
from infra.settings import Settings, without_password
from infra.unavailable import Unavailable
from infra.views.answers import Views
from infra.views.projector import Fenced, Projector, RebuildNeeded
from infra.views.rebuilding import Busy
from infra.views.reporting import ReportingViews, require_views
from infra.views.sharing import SharedViews
from projections.audit.view import AuditTrail
from projections.credit_risk.view import CreditRisk
from projections.escalation.view import Escalation
from projections.open_items.view import OpenItems
from projections.projection import Projection

if TYPE_CHECKING:
    from infra.creditors import Creditors
    from infra.encryption import Encryption
    from infra.monitoring.instruments import Instruments
    from infra.post.archive import Archive
    from infra.post.message import Transport
    from infra.rates import Rates
    from services.audit import Audit
    from services.commands import Commands
    from services.customers import Customers
    from services.debtors import Debtors
    from services.documents import Documents
    from services.escalation.adherence import Adherence
    from services.escalation.contact_book import ContactBook
    from services.escalation.questions import Questions
    from services.escalation.simulation import Simulation
    from services.escalation.subjects import Subjects
    from services.escalation.ticking import Escalator
    from services.escalation.worklist import WorkList
    from services.feed.checking import FeedCheck
    from services.feed.publisher import Publisher
    from services.feed.reporter import Reporter
    from services.importing import Imports
    from services.keys import Keys
    from services.lists import Lists
    from services.messages.contact_list import ViewedContacts
    from services.messages.digest import Digests
    from services.messages.gathering import Gathering
    from services.messages.messenger import Messenger
    from services.messages.preview import Previews
    from services.messages.rendering import Renderer
    from services.messages.writer import MessageWriter
    from services.messages.writing import Writer
    from services.metrics import Metrics
    from services.names import Names
    from services.policies import Policies
    from services.receipts import Receipts
    from services.reports import Reports
    from services.risk import Risk
    from services.rollforward import Rollforwards
    from services.snapshots import Snapshots
    from services.statements.gathering import Statements
    from services.statements.printing import Printing

# Seconds: the embedded server may have to recover first.
EMBEDDED_WAIT = 60.0

# The parts of an app that are asked for by whoever comes to record.
_RECORDERS = {"commands", "escalator", "imports", "messenger"}

VIEWS: Sequence[type[Projection]] = (OpenItems, CreditRisk, AuditTrail, Escalation)
# Those whose rows need nothing but what is published.
SHARED: Sequence[type[Projection]] = (OpenItems, CreditRisk)


class App:
    """Closed at the end of `with`; the embedded server stops by itself when nobody uses it any more.

    `revive` starts the embedded server where it does not run; None where the database is not ours to start.
    `transport` takes e-mails in place of what the settings say, and `writer` writes messages.
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
        transport: "Transport | None" = None,
        writer: "Writer | None" = None,
        projections: Sequence[type[Projection]] = VIEWS,
    ):
        self.settings, self.database_url, self.pool, self.revive = settings, database_url, pool, revive
        self.clock, self.entropy, self.new_id, self.pause = clock, entropy, new_id, pause
        self._transport, self._writer = transport, writer
        # A clock that somebody gave to it says on purpose what it says.
        is_real = clock is infra_clock.now
        guard = ClockGuard(is_one_machine=self.is_embedded, accepted_to=settings.clock_accepted_to) if is_real else None
        self.ledger = Ledger(pool, clock=clock, kinds=KINDS, pause=pause, guard=guard)
        self.projector = Projector(self.ledger, pool, [each() for each in projections])
        self.views = Views(pool)
        self._seen_to = self._signed_to = 0
        # Whether it was said that something could not be signed: once is enough.
        self._is_unsigned = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            # The error that ended the block says why; one of signing, now that the database is gone, would hide it.
            with suppress(*(AWAY if kind else ())):
                self.sign()
        finally:
            self.close()

    def close(self) -> None:
        self.ledger.close()
        if "_reporting_pool" in vars(self):
            self._reporting_pool.close()
        self.pool.close()

    def today(self) -> date:
        """The civil day in the ledger's time zone."""
        return self.clock().astimezone(self.settings.zone).date()

    @property
    def is_embedded(self) -> bool:
        """Whether the database is our own, which nobody else works on but by this program."""
        return self.revive is not None

    def recorded_to(self) -> int:
        """Reads are no older than this position: what this process has recorded, or has found recorded."""
        return max(self._seen_to, self.ledger.recorded_to)

    def bring_views_up_to_date(self, progress: Progress | None = None) -> None:
        """For a process that no projector works for: the command line, an import. Never done for a single request.

        Where another process keeps the views, reads wait for it to come as far as the log is now.
        """
        self._seen_to = self.ledger.head().position
        with suppress(Fenced, Busy), self._fit_or_unfit():
            self.projector.catch_up(progress)

    def prepare_views(self) -> None:
        """Makes the tables of views that have none."""
        with self._fit_or_unfit():
            self.projector.prepare()

    def workers(self) -> list[Worker]:
        """Those that beat in the ledger's database."""
        with self.pool.connection() as conn:
            return select_workers(conn)

    def reporting_workers(self) -> list[Worker]:
        """Those that beat in the reporting database; none where no such database is set. Raises `Unavailable`."""
        if not self.settings.reporting_url:
            return []
        with self._reporting_pool.connection() as conn:
            return select_workers(conn)

    @contextmanager
    def _fit_or_unfit(self) -> Iterator[None]:
        """A view that must be made anew fails only those who read it; everything else goes on."""
        try:
            yield
            self.views.unfit = None
        except RebuildNeeded as stale:
            self.views.unfit = stale

    def sign(self, *, leftovers: bool = False) -> None:
        """Signs the end of the log into the checkpoint file, if anything was recorded here since it was last done.

        With `leftovers`, and where this process came to record, also what another left unsigned that was killed. What
        cannot be signed stays unsigned, with a warning in the log.
        """
        is_more = self.ledger.recorded_to > self._signed_to
        came_to_record = leftovers or not _RECORDERS.isdisjoint(vars(self))
        try:
            if is_more or (came_to_record and self.audit.has_unsigned()):
                self._signed_to = self.audit.sign_checkpoint()
        except (CheckpointKeyMissing, CheckpointKeyWrong, CheckpointsGone, OSError) as error:
            if not self._is_unsigned:
                logger().warning("unsigned", reason=str(error))
            self._is_unsigned = True

    # What is asked for

    @cached_property
    def commands(self) -> "Commands":
        from services.commands import Commands

        return Commands(
            self.ledger, lambda: self.encryption, self.debtors, today=self.today, entity=self.settings.entity
        )

    @cached_property
    def customers(self) -> "Customers":
        from services.customers import Customers

        return Customers(
            self.ledger, lambda: self.encryption, self.debtors, self.disclose, clock=self.clock, today=self.today
        )

    @cached_property
    def receipts(self) -> "Receipts":
        from services.receipts import Receipts

        return Receipts(self.ledger, self.clock)

    @cached_property
    def imports(self) -> "Imports":
        from services.importing import Imports

        return Imports(
            self.ledger,
            self.encryption,
            self.debtors,
            self.archive,
            bring_views_up_to_date=self.bring_views_up_to_date,
            today=self.today,
            zone=self.settings.zone,
            pause=self.pause,
            behind=lambda: max((lag.facts for lag in self.projector.lag()), default=0),
            iban_of=lambda entity: self.creditors().of(entity).iban,
        )

    @cached_property
    def reports(self) -> "Reports":
        from services.reports import Reports

        return Reports(
            self._report_snapshots,
            self._snapshots,
            self._rates,
            self.settings,
            lambda *asked: self.risk.classes(*asked),
        )

    @cached_property
    def rollforwards(self) -> "Rollforwards":
        from services.rollforward import Rollforwards

        return Rollforwards(self._snapshots)

    @cached_property
    def statements(self) -> "Statements":
        from services.statements.gathering import Statements

        return Statements(self.ledger, self._snapshots, lambda: self.encryption, self.disclose)

    @cached_property
    def printing(self) -> "Printing":
        from services.statements.printing import Printing

        return Printing(self.settings.home)

    @cached_property
    def lists(self) -> "Lists":
        from services.lists import Lists

        return Lists(self._report_snapshots, self._snapshots, self.reports.in_force, self.receipts, self.names)

    @cached_property
    def names(self) -> "Names":
        from services.names import Names

        return Names(self._snapshots, lambda: self.encryption, self.disclose)

    @cached_property
    def risk(self) -> "Risk":
        from infra.provision_rates import ProvisionRates
        from services.risk import Risk

        return Risk(
            self._report_snapshots,
            self._rates,
            own_rates=lambda buckets: ProvisionRates.load(self.settings.home, buckets),
            buckets=self.settings.buckets,
            reporting_currency=self.settings.reporting_currency,
        )

    @cached_property
    def work_list(self) -> "WorkList":
        from services.escalation.worklist import WorkList

        return WorkList(
            self._snapshots,
            lambda: self.encryption,
            lambda stream: self.audit.trail(stream),
            lambda stream, today: self.message_writer.script(stream, today),
            self.disclose,
        )

    @cached_property
    def contact_book(self) -> "ContactBook":
        from services.escalation.contact_book import ContactBook

        trail, archive = lambda stream: self.audit.trail(stream), lambda: self.archive
        return ContactBook(self.ledger, self._snapshots, trail, archive, self.disclose)

    @cached_property
    def documents(self) -> "Documents":
        from services.documents import Documents

        return Documents(self.ledger, lambda: self.archive, self.disclose)

    @cached_property
    def adherence(self) -> "Adherence":
        from services.escalation.adherence import Adherence

        return Adherence(self._snapshots)

    @cached_property
    def metrics(self) -> "Metrics":
        from services.metrics import Metrics

        return Metrics(self._report_snapshots)

    @cached_property
    def audit(self) -> "Audit":
        from services.audit import Audit

        return Audit(
            self.ledger,
            self.views,
            self.checkpoints,
            self.encryption,
            self.recorded_to,
            clock=self.clock,
            disclose=self.disclose,
        )

    @cached_property
    def messenger(self) -> "Messenger":
        from infra.post.inbox import Inbox
        from infra.post.ways import mail_domain, ways_out
        from services.messages.dispatch import Dispatch
        from services.messages.messenger import Messenger
        from services.messages.returned import Returned

        ways = ways_out(self.settings, self._transport)
        dispatch = Dispatch(self.ledger, self.writer, self.archive, ways, domain=mail_domain(self.settings))
        returned = Returned(Inbox(self.settings.home / "inbox"), self.ledger, self._contact_list)
        return Messenger(
            self.ledger,
            self.pool,
            self._contact_list,
            dispatch,
            returned,
            refresh=self.bring_views_up_to_date,
            clock=self.clock,
            new_id=self.new_id,
        )

    @cached_property
    def publisher(self) -> "Publisher":
        from services.feed.publisher import Publisher

        return Publisher(
            self.ledger,
            self.pool,
            self.settings.brokers,
            self.settings.kafka_partitions,
            new_id=self.new_id,
            sent=self.instruments.publishing.published,
        )

    @cached_property
    def reporter(self) -> "Reporter":
        """Of an app that was assembled on the reporting database."""
        from services.feed.reporter import Reporter

        views = SharedViews(self.pool, [*self.projector.projections.values()])
        counted = self.instruments.reporting.applied
        return Reporter(views, self.settings.brokers, str(self.ledger.ledger_id), applied=lambda page: counted(*page))

    @cached_property
    def reporting(self) -> SharedViews:
        """The views of the reporting database, to look after them. Raises `Unavailable` where there is none."""
        return SharedViews(self._reporting_pool, [each() for each in SHARED])

    @cached_property
    def feed_check(self) -> "FeedCheck":
        from services.feed.checking import FeedCheck

        return FeedCheck(self.ledger, self.pool, self.settings.brokers, self.settings.kafka_partitions)

    @cached_property
    def previews(self) -> "Previews":
        from services.messages.preview import Previews

        return Previews(self.ledger, self.gathering, self.renderer, self.disclose)

    @cached_property
    def digests(self) -> "Digests | None":
        """None where no address of the staff is set."""
        from infra.post.maildir import Maildir
        from services.messages.digest import Digests

        if self.settings.staff_mail is None:
            return None
        folder = Maildir(self.settings.home / "outbox" / "staff")
        ledger_id, to = self.ledger.ledger_id, self.settings.staff_mail
        return Digests(self.work_list, self.views, folder, ledger_id=ledger_id, to=to, clock=self.clock)

    @cached_property
    def escalator(self) -> "Escalator":
        """Takes what is due on the ladders. Where a projector keeps the views, `refresh` is to do nothing."""
        from services.escalation.ticking import Escalator

        return Escalator(
            self.ledger,
            self.views,
            self.subjects,
            self.policies,
            lambda: self.encryption,
            refresh=self.bring_views_up_to_date,
            pause=self.pause,
        )

    @cached_property
    def questions(self) -> "Questions":
        """Why a ladder did something, why not, and what is to come."""
        from services.escalation.questions import Questions
        from services.policies import Policies

        # Of its own: a question looks up the latest versions, which a tick that runs must not notice.
        policies = Policies(self.ledger, self.views, self.recorded_to, today=self.today)
        return Questions(self.ledger, self.views, policies, lambda: self.encryption, self.recorded_to)

    @cached_property
    def simulation(self) -> "Simulation":
        from services.escalation.simulation import Simulation

        return Simulation(self.ledger, self.views, lambda: self.encryption, self.recorded_to)

    @cached_property
    def policies(self) -> "Policies":
        from services.policies import Policies

        return Policies(self.ledger, self.views, self.recorded_to, today=self.today)

    @cached_property
    def subjects(self) -> "Subjects":
        from services.escalation.subjects import Subjects

        return Subjects(self.ledger, self.policies)

    # What it is made of

    @cached_property
    def archive(self) -> "Archive":
        from infra.post.archive import Archive

        return Archive(self.settings.home / "archive", self.encryption)

    @cached_property
    def _contact_list(self) -> "ViewedContacts":
        from services.messages.contact_list import ViewedContacts

        return ViewedContacts(self.views, self.recorded_to, lambda: self.ledger.head().position)

    @property
    def writer(self) -> "Writer":
        return self._writer or self.message_writer

    @cached_property
    def message_writer(self) -> "MessageWriter":
        from services.messages.writer import MessageWriter

        return MessageWriter(
            self.ledger, self.gathering, self.renderer, clock=self.clock, sender=self.settings.mail_sender
        )

    def creditors(self) -> "Creditors":
        """As the home names them now."""
        from infra.creditors import Creditors

        return Creditors.load(self.settings.home)

    def creditor_names(self, entity: str | None = None) -> str:
        """Whose figures a report shows: the creditor of the entity it is about, or all to whom anything is owed."""
        creditors = self.creditors()
        entities = [entity] if entity else self.debtors.entities() or [self.settings.entity]
        return ", ".join(dict.fromkeys(creditors.of(each).name for each in entities))

    @cached_property
    def gathering(self) -> "Gathering":
        from services.messages.gathering import Gathering

        return Gathering(self.ledger, self.views, lambda: self.encryption, self.creditors)

    @cached_property
    def renderer(self) -> "Renderer":
        from services.messages.rendering import Renderer

        return Renderer(self.settings.home)

    @cached_property
    def encryption(self) -> "Encryption":
        from infra.encryption import Encryption

        return Encryption(self.pool, self.settings.master_key_file, clock=self.clock, entropy=self.entropy)

    @cached_property
    def keys(self) -> "Keys":
        from services.keys import Keys

        return Keys(self.pool, lambda: self.encryption, self.checkpoints, clock=self.clock, entropy=self.entropy)

    @cached_property
    def disclosures(self) -> Disclosures:
        return Disclosures(self.pool, self.clock, lambda: self.settings.actor)

    def disclose(self, purpose: str, subjects: Iterable[str], *data: str) -> None:
        """Records that personal data is about to be shown to who asks."""
        self.disclosures.record(purpose, subjects, *data)

    @cached_property
    def checkpoints(self) -> Checkpoints:
        return Checkpoints(self.settings.checkpoint_file, self.entropy)

    @cached_property
    def instruments(self) -> "Instruments":
        """What this process counts about its own work."""
        from infra.monitoring.instruments import Instruments
        from services.catalogue import CATALOGUE

        return Instruments(CATALOGUE)

    @cached_property
    def debtors(self) -> "Debtors":
        from services.debtors import Debtors

        return Debtors(self.views, self.recorded_to)

    @cached_property
    def _snapshots(self) -> "Snapshots":
        return self._snapshots_of(self.views)

    @cached_property
    def _report_snapshots(self) -> "Snapshots":
        """Of the reporting database where one is set."""
        if not self.settings.reporting_url:
            return self._snapshots
        require_views(self._reporting_pool, [each() for each in SHARED])
        views = ReportingViews(self._reporting_pool, self.views)
        return self._snapshots_of(views)

    def _snapshots_of(self, views: Views) -> "Snapshots":
        from services.snapshots import Snapshots

        return Snapshots(views, self.ledger.position_at, self.recorded_to, clock=self.clock, today=self.today)

    @cached_property
    def _reporting_pool(self) -> Pool:
        url = reporting_address(self.settings, None if self.is_embedded else self.database_url)
        pool = opened_pool(url, NAMED_WAIT, REPORTING_HINT)
        try:
            migrated(pool, url, REPORTING_HINT)
        except BaseException:
            pool.close()
            raise
        return pool

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
    transport: "Transport | None" = None,
    writer: "Writer | None" = None,
    wait_seconds: float | None = None,
) -> App:
    """Everything, on the database that is named or else on the embedded one, which starts if it does not run.

    Raises `Unavailable` when there is no database that would do, or none that answers within `wait_seconds`.
    """
    _claim(settings)
    named = database_url or settings.database_url
    embedded = Embedded(settings.home)
    url = named or embedded.url()
    patience = wait_seconds if wait_seconds is not None else NAMED_WAIT if named else EMBEDDED_WAIT
    pool = opened_pool(url, patience)
    try:
        app = App(
            settings,
            url,
            pool,
            clock=clock,
            entropy=entropy,
            new_id=new_id,
            pause=pause,
            revive=None if named else embedded.url,
            transport=transport,
            writer=writer,
        )
        migrated(pool, url)
        app.prepare_views()
    except BaseException:
        pool.close()
        raise
    return app


def assemble_reporting(
    settings: Settings,
    *,
    clock: Clock = infra_clock.now,
    entropy: Entropy = infra_clock.entropy,
    new_id: Callable[[], str] = infra_clock.new_id,
    pause: Pause = infra_clock.pause,
) -> App:
    """What keeps the reporting database, which needs no other: its log stays empty. Raises `Unavailable`."""
    _claim(settings)
    url = reporting_address(settings, settings.database_url)
    pool = opened_pool(url, NAMED_WAIT if settings.reporting_url else EMBEDDED_WAIT, REPORTING_HINT)
    try:
        migrated(pool, url, REPORTING_HINT)
        app = App(
            settings,
            url,
            pool,
            clock=clock,
            entropy=entropy,
            new_id=new_id,
            pause=pause,
            revive=None if settings.reporting_url else Embedded(settings.home).url,
            projections=SHARED,
        )
        if app.ledger.head().position:
            raise Unavailable(f"The database {without_password(url)} has facts of its own. {OF_ITS_OWN}")
    except BaseException:
        pool.close()
        raise
    return app


def _claim(settings: Settings) -> None:
    if done := claim(settings.home):
        logger().warning("home closed", message=done)
