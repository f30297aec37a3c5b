"""The name of a customer beside the number, for those who asked for names."""

from typing import TypedDict


class Named(TypedDict, total=False):
    name: str
