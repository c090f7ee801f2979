"""Several files or options of one command that are wrong are refused at once, each with its own lines."""

from tests.clients.test_command_line import command

RULES = ["--rules", "toy-2025-26"]
SCHOOLS = "urn,phase,units_basic\nx,primary,1\n900002,middling,1\n"
PUPILS = "pupil_key,urn,la,sen_provision\np1,1,301,F\n"


def written(folder, **tables):
    paths = []
    for name, text in tables.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths += [f"--{name}", path]
    return paths


def test_a_wrong_table_of_schools_hides_no_mistake_of_that_of_pupils(tmp_path):
    paths = written(tmp_path, schools=SCHOOLS, pupils=PUPILS)
    answer = command("value", *RULES, *paths)
    assert answer.exit_code == 1
    assert "schools.csv:" in answer.stderr
    assert "row 2: urn" in answer.stderr
    assert "row 3: phase" in answer.stderr
    assert "pupils.csv:" in answer.stderr
    assert "row 2: sen_provision" in answer.stderr


def test_a_file_that_is_not_there_hides_no_mistake_of_the_other(tmp_path):
    paths = written(tmp_path, pupils=PUPILS)
    answer = command("value", *RULES, "--schools", tmp_path / "nowhere.csv", *paths)
    assert answer.exit_code == 1
    assert "nowhere.csv: No such file" in answer.stderr
    assert "row 2: sen_provision" in answer.stderr


def test_files_that_are_not_there_are_named_together(tmp_path):
    answer = command(
        "value", *RULES, "--schools", tmp_path / "one.csv", "--pupils", tmp_path / "two.csv"
    )
    assert answer.exit_code == 3
    assert "one.csv: No such file" in answer.stderr
    assert "two.csv: No such file" in answer.stderr


def test_wrong_options_are_named_together_with_a_file_that_is_not_there(tmp_path):
    answer = command(
        "value", *RULES, "--pupils", "nowhere.csv", "--blank-means-none", "surname",
        "--la-map", "909", "--la-map", "1=2,1=3", "--layout", "nobody-s", "--schools-sheet", "One",
    )  # fmt: skip
    assert answer.exit_code == 2
    said = " ".join(answer.stderr.replace("│", " ").split())
    for sentence in (
        "surname", "must be OLD=NEW", "maps 1 to two codes", "layout not found",
        "--schools-sheet names a sheet of --schools", "nowhere.csv: no such file",
    ):  # fmt: skip
        assert sentence in said, said


def test_everything_that_is_said_wrongly_of_sheets_and_rows_is_named_together(tmp_path):
    """One sentence at a time was said, and of two sheets of one table the second was silently left out."""
    paths = written(tmp_path, schools=SCHOOLS, pupils=PUPILS)
    at = ["--sheet", "One", "--header-row", "2"]
    both = command("value", *RULES, *paths, *at)
    alone = command("value", *RULES, *paths[:2], *at, "--schools-sheet", "Two", "--schools-header-row", "3",
                    "--pupils-sheet", "Two", "--pupils-header-row", "3")  # fmt: skip
    expected = {
        both: ("--sheet is of one table", "--header-row is of one table"),
        alone: ("--sheet and --schools-sheet say the same", "--header-row and --schools-header-row say the same",
                "--pupils-sheet names a sheet of --pupils", "--pupils-header-row names a row of --pupils"),
    }  # fmt: skip
    for answer, sentences in expected.items():
        assert answer.exit_code == 2
        assert all(one in answer.stderr for one in sentences), answer.stderr


def test_options_that_no_command_has_a_value_for_are_named_together_with_a_file_that_is_not_there(
    tmp_path,
):
    answer = command(
        "value",
        "--pupils",
        "nowhere.csv",
        "--dates",
        "sideways",
        "--threads",
        "many",
        "--other-authorities",
        "none",
    )
    assert answer.exit_code == 2
    for sentence in (
        "--rules is missing", "--dates must be", "--threads", "--other-authorities must be", "nowhere.csv: no such file",
    ):  # fmt: skip
        assert sentence in answer.stderr, answer.stderr
    assert answer.stderr.count("For help:") == 1


def test_mistakes_of_a_document_of_candidates_its_rules_and_its_tables_are_named_together(tmp_path):
    (tmp_path / "budgets.csv").write_text("la,budget\n1,x\n", encoding="utf-8")
    (tmp_path / "table.csv").write_text("candidate,no.path\na,1\nb,x\n", encoding="utf-8")
    path = tmp_path / "tried.yaml"
    path.write_text(
        "format: evenband-candidates/1\ntitle: [x]\nbaseline: toy-1999-00\ntable: table.csv\nbudgets: budgets.csv\n",
        encoding="utf-8",
    )
    paths = written(tmp_path, pupils=PUPILS)
    answer = command("candidates", path, *paths)
    assert answer.exit_code == 1
    for sentence in (
        "line 2: title",
        "toy-1999-00",
        "row 3: no.path",
        "row 2: la",
        "row 2: budget",
    ):
        assert sentence in answer.stderr, answer.stderr


def test_a_file_of_cases_that_is_refused_hides_no_mistake_of_the_next(tmp_path):
    """The first was refused alone, and so was one that is not there."""
    (tmp_path / "one.csv").write_text("band,paid\n9,much\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("bnad,paid\n9,1\n", encoding="utf-8")
    (tmp_path / "three.md").write_text("no table\n", encoding="utf-8")
    files = [tmp_path / name for name in ("one.csv", "nowhere.csv", "two.csv", "three.md")]
    answer = command("rules", "test", "telford-and-wrekin-2025-26", *files)
    assert answer.exit_code == 1
    for sentence in (
        "one.csv:", "row 2: paid", "nowhere.csv: No such file", "two.csv:", "bnad: unknown column", "three.md:", "no table found",
    ):  # fmt: skip
        assert sentence in answer.stderr, answer.stderr


def test_wrong_options_of_cases_are_named_together(tmp_path):
    answer = command(
        "rules", "test", "toy-2025-26", tmp_path / "nowhere.csv", "--la-map", "909", "--blank-means-none", "surname",
        "--sen-support-cost", "x", "--override", "a",
    )  # fmt: skip
    assert answer.exit_code == 2
    for sentence in ("OLD=NEW", "surname", "--sen-support-cost", "--override"):
        assert sentence in answer.stderr, answer.stderr


def test_wrong_options_of_a_table_of_an_authority_are_named_together(tmp_path):
    (tmp_path / "a.csv").write_text("la\n202\n", encoding="utf-8")
    answer = command(
        "block", "--rules", "dedicated-schools-grant-2022-23", "--terms", tmp_path / "a.csv", "--la-map", "909",
        "--blank-means-none", "surname",
    )  # fmt: skip
    assert answer.exit_code == 2
    assert "OLD=NEW" in answer.stderr
    assert "surname" in answer.stderr


def test_each_rule_set_of_a_comparison_that_is_refused_is_named(tmp_path):
    paths = written(tmp_path, pupils=PUPILS)
    answer = command("compare", "--baseline", "toy-1999-00", "--candidate", "toy-1998-99", *paths)
    assert "toy-1999-00" in answer.stderr
    assert "toy-1998-99" in answer.stderr
    answer = command("rules", "atlas", "toy-1999-00", "toy-1998-99")
    assert "toy-1999-00" in answer.stderr
    assert "toy-1998-99" in answer.stderr


def test_each_override_that_is_none_is_named(tmp_path):
    paths = written(tmp_path, pupils=PUPILS)
    answer = command("value", *RULES, *paths, "--override", "a", "--override", "=1")
    assert answer.exit_code == 2
    assert answer.stderr.count("--override") > 1


def test_a_day_that_is_none_of_the_rules_hides_no_value_that_cannot_be_tried(tmp_path):
    tried = ["--override", "nonsense=5", "--override", "top_up_rule.cap=x"]
    answer = command(
        "value", *RULES, *written(tmp_path, pupils=PUPILS), "--on", "2031-01-01", *tried
    )
    assert answer.exit_code == 1
    assert "must be a day of the rule set" in answer.stderr
    assert "nonsense: not found in the rule set" in answer.stderr
    assert "top_up_rule.cap: must be a plain number" in answer.stderr
