"""Registries as files: who is written about, what is measured, what the words mean, when the markets are open.

The files lie beside this module and ship in the package; README.md here says how users add their own. A `user` folder
with files of the same names extends ours: a row with a known code or slug changes that row, a new one is added.
What does not fit is a `DataError` with file, line, value and the way out; nothing is skipped, guessed or repaired.
Importing this costs next to nothing: files are read at the first call and kept until they change, YAML only for
concepts.
"""

from quantshark.data.concepts import load_concepts
from quantshark.data.days import load_timetable
from quantshark.data.entities import ENTITY_KINDS, are_twins, load_entities, load_traps, names_of
from quantshark.data.files import use
from quantshark.data.measures import load_measures
from quantshark.data.prices import Prices, load_prices

__all__ = [
    "ENTITY_KINDS",
    "Prices",
    "are_twins",
    "load_concepts",
    "load_entities",
    "load_measures",
    "load_prices",
    "load_timetable",
    "load_traps",
    "names_of",
    "use",
]
