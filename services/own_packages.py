"""Imported before the other packages: `domain`, `projections` and `infra` are names that others use as well.

Raises `ImportError` where one of them is found elsewhere than beside `services`.
"""

from importlib.util import find_spec
from pathlib import Path

NAMES = ("domain", "projections", "infra", "services")
_FOLDER = Path(__file__).resolve().parents[1]


def sharing() -> dict[str, list[str]]:
    """Other distributions, by the name of a package they install files into as well: one may overwrite the other's."""
    from importlib import metadata

    installed = metadata.packages_distributions()
    others = {name: sorted({*installed.get(name, ())} - {"receivables"}) for name in NAMES}
    return {name: found for name, found in others.items() if found}


def _found_in(name: str) -> Path | None:
    spec = find_spec(name)
    if spec is None:
        return None
    return Path([*(spec.submodule_search_locations or []), spec.origin or ""][0]).resolve()


for _name in NAMES:
    if (_found := _found_in(_name)) != _FOLDER / _name:
        raise ImportError(
            f"`import {_name}` finds {_found or 'nothing'} instead of {_FOLDER / _name}: install Receivables into an "
            "environment of its own, and keep other packages of that name off PYTHONPATH"
        )
