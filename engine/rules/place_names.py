"""Places of a rule document as notes and differences name them: as what-ifs do, rows by name."""

from functools import cached_property

from engine.money import is_digits
from engine.rules.document import RuleSet
from engine.rules.paths import Paths
from engine.rules.row_names import NUMBERED
from engine.rules.yaml_source import Path, path_of


class PlaceNames:
    """The names of the places of one document, which is read for them when the first is asked for."""

    def __init__(self, document: RuleSet) -> None:
        """Keep the document."""
        self._document = document

    def of(self, place: Path | str) -> str:
        """Return a place with its rows by name, each by number from 0 where no name is its own.

        ``place`` is a path, or text with dots and rows by number.
        """
        return self._paths.name(path_of(place) if isinstance(place, str) else place)

    def of_row(self, place: str, words: str) -> str:
        """Return the name of a row, with words that say which it is where it is named by its number alone."""
        name = self.of(place)
        number = name.rpartition(".")[2].removeprefix(NUMBERED)
        return f"{name}{words}" if is_digits(number) else name

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self._document)
