"""The words and values that composed videos show, drawn without repetition. All names are made up."""

from __future__ import annotations

import random
from typing import Literal

Sort = Literal["person", "price", "room", "time", "code"]
SORTS: tuple[Sort, ...] = ("person", "price", "room", "time", "code")

# fmt: off
_GIVEN = (
    "Alma", "Bruno", "Clara", "Dario", "Edda", "Felix", "Greta", "Hugo", "Iris", "Jonas", "Katja", "Leon", "Mira",
    "Nils", "Olga", "Pavel", "Rosa", "Simon", "Tilda", "Ugo", "Vera", "Willem", "Yara", "Zeno", "Agnes", "Boris",
    "Celia", "Denis", "Elin", "Fabio", "Gerda", "Henrik", "Ingrid", "Jasper", "Klara", "Lorenz", "Magda", "Norbert",
)
_FAMILY = (
    "Aldous", "Brandvold", "Castell", "Dunmore", "Eklund", "Farrow", "Gantry", "Holm", "Ibarra", "Jessop", "Kestner",
    "Lindqvist", "Marlow", "Nystrom", "Okoro", "Pellegrin", "Quist", "Rennie", "Sandoval", "Thorpe", "Underhill",
    "Vasquez", "Whitby", "Yorke", "Zeller", "Ashdown", "Bellamy", "Corwin", "Draper", "Elstow", "Fenwick", "Garland",
)
_PLACES = (
    "Ferry office", "Granary", "Boat shed", "Rose garden", "Clock tower", "Tram depot", "Fish market", "Mill house",
    "Weather station", "Bakery", "Concert hall", "Observatory", "Swimming baths", "Town archive", "Music school",
    "Glass works", "Bell foundry", "Riding stables", "Print shop", "Botanical hall", "Sail loft", "Post room",
    "Tea house", "Pottery", "Signal box", "Bird sanctuary", "Cable car", "Cider press", "Wind farm", "Toy museum",
    "Book bindery", "Ice rink", "Chess club", "Dairy", "Quarry", "Violin maker", "Planetarium", "Salt works",
    "Rowing club", "Seed bank", "Lock keeper", "Hat factory", "Youth hostel", "Goods yard", "Puppet theatre",
    "Herb garden", "Paper mill", "Ski school", "Map room", "Fire station", "Costume store", "Vineyard", "Shipyard",
    "Aquarium", "Brass band", "Cheese cellar", "Kite workshop", "Lamp room", "Night market", "Orchard",
)
_TOWNS = ("Norwick", "Aldermoor", "Hestby", "Carrowdale", "Lunmouth", "Tarnfield", "Ostrava Bay", "Penhallow")
_SIGNALS = (
    "HERON", "COBALT", "MAPLE", "QUARTZ", "SPRUCE", "TUNDRA", "VELVET", "WALNUT", "ZEPHYR", "BADGER", "CONDOR",
    "FALCON", "GARNET", "INDIGO", "JUNIPER", "KESTREL", "LANTERN", "MARBLE", "NUTMEG", "ORCHID", "PEPPER", "SAFFRON",
    "THISTLE", "WILLOW", "AMBER", "BASALT", "CORAL", "EMBER", "FJORD", "GEYSER", "HAZEL", "LAGOON", "MEADOW",
    "OTTER", "PEBBLE", "RAVEN", "SALMON", "TOPAZ", "UMBER", "YARROW",
)
# fmt: on
LABELS: dict[Sort, tuple[str, ...]] = {
    "person": ("Caretaker", "Head of staff", "Founder", "Guide", "Treasurer", "Architect"),
    "price": ("Day ticket", "Guided tour", "Locker fee", "Membership", "Deposit", "Catalogue"),
    "room": ("Lost property", "Cloakroom", "Meeting point", "First aid", "Ticket desk", "Cafeteria"),
    "time": ("Closing time", "Last admission", "Opening time", "Evening tour", "First bus", "Lunch break"),
    "code": ("Licence", "Serial number", "Permit", "Order number", "Inventory number", "Bay"),
}
"""What a row of a board is called, by the sort of its value."""


class Words:
    """Hands out words and values, each once, by a seed."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(f"words {seed}")
        self._people = [f"{given} {family}" for given in _GIVEN for family in _FAMILY]
        self._signals = list(_SIGNALS)
        # The same place in another town comes only where a video needs so many.
        self._places = list(dict.fromkeys(name for _ in range(3) for name in self._named()))[::-1]
        for words in (self._people, self._signals):
            self._rng.shuffle(words)
        self._used: set[str] = set()

    def place(self) -> str:
        """Return the heading of a board. Raises `IndexError` when all are used."""
        return self._places.pop()

    def signal(self) -> str:
        """Return a word in capitals. Raises `IndexError` when all are used."""
        return self._signals.pop()

    def _named(self) -> list[str]:
        return [f"{place} {self._rng.choice(_TOWNS)}" for place in self._rng.sample(_PLACES, len(_PLACES))]

    def value(self, sort: Sort) -> str:
        """Return a value that was not given before."""
        while True:
            made = self._made(sort)
            if made not in self._used:
                self._used.add(made)
                return made

    def _made(self, sort: Sort) -> str:
        rng = self._rng
        if sort == "person":
            return self._people.pop()
        if sort == "price":
            return f"{rng.randint(3, 98)}.{rng.choice((20, 40, 50, 60, 80, 90))} euros"
        if sort == "room":
            return f"Room {rng.randint(101, 499)}"
        if sort == "time":
            return f"{rng.randint(6, 22):02d}:{rng.randint(1, 11) * 5:02d}"
        return f"{rng.choice('BCDFGHKLMPRTVX')}{rng.choice('BCDFGHKLMPRTVX')}-{rng.randint(203, 987)}"
