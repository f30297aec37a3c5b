"""given(facts).when(decision, asked).then(facts) or .refused(code)."""

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
        self.decide = lambda: decision(self.aggregate.fold(self.facts), **asked)
        return self

    def then(self, *facts: Any) -> None:
        assert self.decide() == list(facts)
        reduce(self.aggregate.evolve, facts, self.aggregate.fold(self.facts))

    def refused(self, code: str) -> None:
        with pytest.raises(Refused) as refusal:
            self.decide()
        assert refusal.value.code == code
        assert refusal.value.message


def aggregate_of(decision: Callable[..., Any]) -> ModuleType:
    """The module that folds the decision's facts: its own, or the package it lives in."""
    module = import_module(decision.__module__)
    while not hasattr(module, "fold"):
        module = import_module(module.__name__.rpartition(".")[0])
    return module
