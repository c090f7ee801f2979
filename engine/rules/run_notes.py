"""The notes on a rule document that concern a run: what it values otherwise than the document seems to say."""

from collections import defaultdict
from collections.abc import Collection

from engine.rules.compiled import CompiledRules
from engine.rules.document_note import Note
from engine.rules.folded_notes import folded
from engine.rules.notes import notes_of_a_run

MOST = 10
"""Notes of one kind that an answer has, and rows that one of them names; the others are counted."""

NEVER_USED = frozenset(
    {"unreachable-price", "unreachable-value", "unreachable-band", "unreachable-modifier"}
)
"""The kinds of notes on what changes no amount: an answer has one note of each."""

FEW = 3
"""Places of what is never used that a note names."""

SECTIONS = {
    "schools_formula": ("schools_formula", "targeted_funding"),
    "band_profile": ("band_profile", "top_up_rule"),
}
"""The sections of a document that a module reads, where they are not its own alone."""


def run_notes(
    rules: CompiledRules, modules: Collection[str] | None = None, without: Collection[str] = ()
) -> tuple[Note, ...]:
    """Return the notes of the sections that modules read, by the modules' names, or of all.

    They are the notes of the document without those that an answer says otherwise: its ``values``, which change within
    the year or are one day's for all of it, and its warnings, labels and values that are odd. Worked out once for
    compiled rules. ``without`` are places of the document of which an answer says itself what is to be known.
    """
    sections = {section for one in modules or () for section in SECTIONS.get(one, (one,))}
    every = rules.cache.get(run_notes, notes_of_a_run, rules)
    of_kind: dict[str, list[Note]] = defaultdict(list)
    for note in every:
        if note.place not in without and (
            modules is None or note.place.partition(".")[0] in sections
        ):
            of_kind[note.type].append(note)
    return tuple(one for notes in of_kind.values() for one in _first(notes))


def _first(notes: list[Note]) -> list[Note]:
    """Return the notes of a kind, those that differ by their rows alone as one; of many the first, and one that counts the others."""
    kind = notes[0].type
    if kind in NEVER_USED and len(notes) > 1:
        return [_never_used(notes)]
    notes = folded(notes, MOST)
    more = len(notes) - MOST
    if more <= 1:
        return notes
    sentence = f"and {more:,} more notes of the kind {kind}: evenband rules check names each"
    return [*notes[:MOST], Note(kind, "", sentence)]


def _never_used(notes: list[Note]) -> Note:
    """Return one note of all that is never used, of one kind."""
    more = len(notes) - FEW
    places = ", ".join(one.place for one in notes[:FEW])
    named = f"{places} and {more:,} more" if more > 0 else places
    sentence = f"{named} are never used: evenband rules check says why of each"
    return Note(notes[0].type, notes[0].place, sentence)
