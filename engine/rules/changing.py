"""What changes within a rule set's year: rules are valued on one day, which its author may not expect."""

from engine.rules.document import RuleSet
from engine.rules.load import givens
from engine.rules.written import place


def changing(document: RuleSet) -> list[str]:
    """Return a sentence for each value that another one follows while the rule set applies."""
    first, last = document.effective.first, document.effective.last
    return [
        f"{place(path[:-1])} has a value from {given.from_} on: the whole year is paid by the values in"
        f" force on the day that rules are valued on, {first} unless another is named"
        for path, given in givens(document)
        if first < given.from_ <= last
    ]
