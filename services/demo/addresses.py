"""How the customers of the demonstration are reached: streets of towns that exist, numbers that ring with nobody."""

from typing import NamedTuple

_LANGUAGES = {"DE": "de", "NL": "nl", "NO": "nb"}
# Of each country where the houses are, the numbers kept for films and plays, or such as are given to nobody.
_STREETS = {
    "DE": ("Lagerstraße {}\n20357 Hamburg", "Am Alten Speicher {}\n28195 Bremen", "Gerberweg {}\n50668 Köln"),
    "NL": ("Havenkade {}\n3011 RW Rotterdam\nNederland", "Weteringstraat {}\n3511 AB Utrecht\nNederland"),
    "NO": ("Bryggeveien {}\n5003 Bergen\nNorge", "Møllergata {}\n0179 Oslo\nNorge"),
    "GB": ("{} Wharf Lane\nBristol BS1 4RW\nUnited Kingdom", "{} Mill Street\nLeeds LS9 8AE\nUnited Kingdom"),
    "US": ("{} Harbor Avenue\nPortland, ME 04101\nUSA", "{} Canal Street\nProvidence, RI 02903\nUSA"),
    "JP": ("1-2-{} Kanda, Chiyoda-ku\nTokyo 101-0047\nJapan",),
}
_NUMBERS = {
    "DE": "+49 30 23125 {:03}",
    "NL": "+31 20 000 0{:03}",
    "NO": "+47 00 00 0{:03}",
    "GB": "+44 20 7946 0{:03}",
    "US": "+1 202 555 0{:03}",
    "JP": "+81 3 0000 0{:03}",
}


class Contact(NamedTuple):
    name: str
    email: str
    phone: str
    address: str


def language(country: str) -> str:
    return _LANGUAGES.get(country, "en")


def contact(name: str, country: str, nth: int) -> Contact:
    streets = _STREETS[country]
    return Contact(
        name,
        f"accounts@{name.lower().replace(' ', '-')}.example",
        # The American numbers kept for it end in 100 to 199.
        _NUMBERS[country].format(100 + nth % 100),
        streets[nth % len(streets)].format(1 + nth * 7 % 90),
    )
