"""A rule document of ten thousand problems, or of a megabyte, is answered shortly wherever it is read."""

import pytest

import evenband
from app.rule_sets.publish import LeftOut, _reason
from engine.errors import RuleRefused
from engine.rules.load import load_rule_set
from tests.clients.test_command_line import command
from tests.rule_library import RULE_FILES
from tests.work import counted_work

MANY = "".join(f"u{at}: 1\n" for at in range(10_000))
"""Unknown fields, which a document may have so many of."""

TOO_MANY = "".join(f"u{at}: 1\n" for at in range(90_000))
MOST_CALLS = 40_000_000
"""What the 60,000 values of the longest document take, and half as much again."""


@pytest.mark.parametrize(("added", "says"), [(MANY, "9900 more"), (TOO_MANY, "at most 60,000")])
def test_a_wide_document_is_answered_shortly_by_commands_package_and_service(added, says, tmp_path):
    text = RULE_FILES["toy-2025-26"].read_text(encoding="utf-8") + added
    path = tmp_path / "wide.yaml"
    path.write_text(text, encoding="utf-8")
    with counted_work() as work:
        checked = command("rules", "check", path)
        assert checked.exit_code == 1
        assert says in checked.output
        assert len(checked.output.splitlines()) < 150
        with pytest.raises(RuleRefused) as caught:
            evenband.read_rules(text)
        assert len(str(caught.value).splitlines()) < 30
        with pytest.raises(RuleRefused) as again:
            load_rule_set(text)
        assert len(str(LeftOut(path, _reason(again.value)))) < 500
    assert work.calls < MOST_CALLS
