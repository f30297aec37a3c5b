"""What the file of a statement is called."""

from hashlib import sha256
from urllib.parse import quote

# A file name is at most 255 bytes long.
LONGEST_NAME = 120


def file_name(form: str, *named: str) -> str:
    """Of a customer, and of an entity where there are several; a slash and the like are written as %2F."""
    name = "+".join(quote(each, safe="").replace(".", "%2E") for each in named)
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}-{sha256(name.encode()).hexdigest()[:16]}"
    return f"{name}.{form}"
