"""A number on a screen has all its digits, however narrow the screen is."""

import pytest

from app.commands import text_table
from app.commands.text_table import Column


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("terminal", [False, True])
def test_no_digit_of_a_number_is_cut_where_a_table_is_wider_than_the_screen(
    capsys, monkeypatch, columns, terminal
):
    monkeypatch.setenv("COLUMNS", columns)
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
    numbers = [f"{at},234,567.8{at}" for at in range(10)]
    names = [
        Column("candidate"),
        *(Column(f"a.long.path.of.a.price.{at}.pounds", right=True) for at in range(10)),
    ]
    text_table.show(text_table.text_table(names, [["grid 1", *numbers]], "Candidates"))
    (line,) = [one for one in capsys.readouterr().out.splitlines() if numbers[0] in one]
    assert [one for one in line.split() if one.endswith(tuple("0123456789"))][-10:] == numbers
