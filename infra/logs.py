"""What processes say about themselves: one structured line each on standard error.

JSON for programs, a readable form where a person watches. Never data of facts: of an error its kind and place are said,
since its text may quote a value.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, TextIO

# structlog takes a tenth of a second to import, which commands that have nothing to say need not spend.
if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger

NAME = "receivables"
MOST_FRAMES = 20

EventDict = MutableMapping[str, Any]


def configure(level: str) -> None:
    """Lines of this level (debug, info, warning, error) and above go to standard error; of other packages, warnings."""
    logging.getLogger(NAME).setLevel(level.upper())
    root = logging.getLogger()
    if not any(isinstance(handler, _StandardError) for handler in root.handlers):
        root.addHandler(_StandardError())


def logger(**bound: Any) -> "BoundLogger":
    """Its lines carry the bound fields; `exc_info=error` says kind and place of an error.

    In a program that embeds the ledger and does not call `configure` they go to the logger "receivables" of `logging`.
    """
    import structlog

    made: BoundLogger = structlog.wrap_logger(
        logging.getLogger(NAME),
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
    ).bind(**bound)
    return made


class _StandardError(logging.StreamHandler[TextIO]):
    """Standard error as it is when the line is written, not as it was when logging was configured."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr

    def format(self, record: logging.LogRecord) -> str:
        self.formatter = self.formatter or _formatter(self.stream.isatty())
        return super().format(record)


def _formatter(is_watched: bool) -> logging.Formatter:
    import structlog

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name],
        processors=[
            _level,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _kind_and_place,
            structlog.dev.ConsoleRenderer() if is_watched else structlog.processors.JSONRenderer(),
        ],
    )


def _level(_: object, __: str, event: EventDict) -> EventDict:
    event["level"] = event["_record"].levelname.lower()
    return event


def _kind_and_place(_: object, __: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        event["error"] = type(error).__name__
        event["sqlstate"] = getattr(error, "sqlstate", None)
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
