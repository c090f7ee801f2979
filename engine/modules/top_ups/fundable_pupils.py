"""The pupils whom the rules can pay; all others are paid 0 without further work."""

from engine.modules.top_ups.bands import answers_of
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE
from engine.tables import Pupils, PupilTable


def funded_pupils(top_ups: CompiledTopUps, pupils: PupilTable, blocks: Blocks) -> Pupils:
    """Return the pupils whom the rules may pay; where a table has no suitable groups, all."""
    wanted = set(top_ups.funded.inputs)
    for narrow in pupils.narrow if wanted else ():
        if wanted <= set(narrow.names):
            funded = answers_of(top_ups.funded, narrow.values()) != NONE
            return pupils.chosen(narrow, funded, blocks)
    return pupils
