"""An e-mail address, alone or with a name before it: `Firm, Billing <billing@firm.example>`."""

import re
from typing import NamedTuple

_ADDRESS = r"[^\s<>@,;\x00-\x1f\x7f]+@[^\s<>@,;\x00-\x1f\x7f]+"
_ALONE = re.compile(_ADDRESS)
_PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_NAMED = re.compile(rf"\s*([^<>]*?)\s*<({_ADDRESS})>\s*")


class Mailbox(NamedTuple):
    name: str
    address: str


def is_address(text: str) -> bool:
    return _ALONE.fullmatch(text) is not None


def mailbox(text: str) -> Mailbox:
    """Raises `ValueError` with what is wrong, in words that follow "which"."""
    if is_address(text):
        return Mailbox("", text)
    if named := _NAMED.fullmatch(text):
        return Mailbox(named[1].strip('"'), named[2])
    raise ValueError("is no e-mail address: use billing@firm.example")


def deliverable(text: str) -> str | None:
    """As the network has it; None for what no mail of ours can be sent to: before the @ it must be ASCII."""
    try:
        address = on_the_wire(text)
    except UnicodeError:
        return None
    return address if _PLAIN.fullmatch(address) else None


def on_the_wire(address: str) -> str:
    """With the name of its host as the network has it. Raises `UnicodeError` for a name that can be none."""
    local, _, host = address.rpartition("@")
    return f"{local}@{host if host.isascii() else host.encode('idna').decode('ascii')}"
