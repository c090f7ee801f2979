"""The pages that are looked at in a browser are those that their names say: results are results, mistakes are mistakes."""

import pytest

from tests.clients.page_states import STATES

OF_MISTAKES = ("mistakes", "cannot be")
NOT_THERE = (
    "a page that is not there", "rules that are not there", "a draft that is not there"
)  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_a_page_to_look_at_has_mistakes_only_where_its_name_says_so(client, name):
    status = client.get(STATES[name]).status_code
    if name in NOT_THERE:
        assert status == 404
    elif any(words in name for words in OF_MISTAKES):
        assert status == 422, name
    else:
        assert status == 200, name
