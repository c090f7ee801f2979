"""Changes within a rule set's year: rules use the values of one day, which may surprise."""

from engine.rules.document import RuleSet
from engine.rules.in_force import begins_within
from engine.rules.load import givens
from engine.rules.yaml_source import place


def changing(document: RuleSet) -> list[str]:
    """Return a sentence for each value that another one follows while the rule set applies."""
    first, last = document.effective.first, document.effective.last
    return [
        f"{place(path[:-1])} changes on {given.from_}: the whole year is paid at the values in force on"
        f" one day, {first} unless you choose another"
        for path, given in givens(document)
        if begins_within(given, first, last)
    ]
