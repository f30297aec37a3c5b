"""The case of an invoice: its place on the ladder of its policy, and what is decided next."""

from domain.case.state import Case, case_of, case_stream, defer, evolve, fold

__all__ = ["Case", "case_of", "case_stream", "defer", "evolve", "fold"]
