"""given(facts).when(decision, asked).then(facts) or .refused(code).

A fact may come with its effective date, as a pair.
"""

from collections.abc import Callable
from functools import reduce
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from domain.refusal import Refused


class given:
    def __init__(self, *facts: Any):
        self.facts = facts

    def when(self, decision: Callable[..., list[Any]], **asked: Any) -> "given":
        self.aggregate = aggregate_of(decision)
        self.decide = lambda: decision(self._after(*self.facts), **asked)
        return self

    def then(self, *facts: Any) -> None:
        assert self.decide() == list(facts)
        self._after(*self.facts, *facts)

    def refused(self, code: str) -> None:
        with pytest.raises(Refused) as refusal:
            self.decide()
        assert refusal.value.code == code
        assert refusal.value.message

    def _after(self, *facts: Any) -> Any:
        pairs = [each if isinstance(each, tuple) else (each,) for each in facts]
        return reduce(lambda state, pair: self.aggregate.evolve(state, *pair), pairs, None)


def aggregate_of(decision: Callable[..., Any]) -> ModuleType:
    """The module that folds the decision's facts: its own, or the package it lives in."""
    module = import_module(decision.__module__)
    while not hasattr(module, "fold"):
        module = import_module(module.__name__.rpartition(".")[0])
    return module
