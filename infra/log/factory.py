"""What the library asks for its parts: the application recorder is ours, the others do not exist here."""

from typing import Any

from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    NotSupportedError,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment

from infra.log.recorder import LogRecorder


class LogFactory(InfrastructureFactory[TrackingRecorder]):
    def __init__(self, env: Environment, recorder: LogRecorder):
        super().__init__(env)
        self._recorder = recorder

    def application_recorder(self) -> LogRecorder:
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        raise NotSupportedError(f"the ledger keeps no {purpose} beside its log")

    def tracking_recorder(self, tracking_recorder_class: type[Any] | None = None) -> Any:
        raise NotSupportedError("projections keep their own positions")

    def process_recorder(self) -> ProcessRecorder:
        raise NotSupportedError("projections keep their own positions")
