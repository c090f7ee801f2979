"""What the candidates try: each path with a short name, and the values of one candidate as cells."""

from dataclasses import dataclass

from engine.candidates import Candidates
from engine.report.choice import MOST_PATHS
from engine.report.parts import Table
from engine.report.texts import number_text


@dataclass(frozen=True, slots=True)
class PathNames:
    """The paths that vary, and a short name of each; no names where they are too many for columns."""

    candidates: Candidates
    names: tuple[str, ...]

    @classmethod
    def of(cls, candidates: Candidates) -> "PathNames":
        """Return the names of paths: their last two parts where these tell them apart."""
        places = [one.place for one in candidates.values]
        short = [_short(one) for one in places]
        unique = len(set(short)) == len(short)
        names = tuple(short if unique else places)
        return cls(candidates, names if len(names) <= MOST_PATHS else ())

    def cells(self, at: int) -> list[str]:
        """Return the values of a candidate, a cell for each path that has a column."""
        return [one.text(at) for one, _ in zip(self.candidates.values, self.names, strict=False)]

    def table(self) -> Table | None:
        """Return a table of what varies; None for candidates that are documents."""
        rows = []
        for one in self.candidates.values:
            texts = list(
                dict.fromkeys(one.text(at) for at in one.held.argsort(kind="stable").tolist())
            )
            ends = (texts[0], texts[-1]) if not one.words else ("", "")
            rows.append((one.place, *ends, number_text(len(texts))))
        heads = ("What varies", "Least", "Most", "Values")
        return Table("What varies among the candidates", heads, rows) if rows else None


def _short(place: str) -> str:
    parts = place.partition("@")[0].split(".")
    words = " ".join(parts[-2:]).replace("_", " ")
    return words[:1].upper() + words[1:]
