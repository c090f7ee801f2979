"""The Python of the pages, the notebook and the R script are run, and their printed output must be right.

The blocks of a page marked ``python`` run one after another in one program; a block marked ``text`` right
after one is what it prints, with ``…`` as on a console.
"""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.clients.test_docs import FENCE, PAGES, ROOT, printed, told
from tests.programs import need

NOTEBOOK = ROOT / "docs" / "notebook.py"
PYTHON_PAGES = [page for page in PAGES if "```python" in page.read_text(encoding="utf-8")]
MARK = "-" * 40
RUN = f"import sys\nfor block in sys.argv[1:]:\n    exec(block)\n    print('{MARK}')\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    return tmp_path


def python_blocks(text):
    """Return each Python block of a page with what it is said to print, None where nothing is said."""
    fences = [*FENCE.findall(text), ("", "")]
    return [
        (body, following[1] if following[0] == "text" else None)
        for (kind, body), following in pairwise(fences)
        if kind == "python"
    ]


def follow(text, folder):
    """Run the blocks of a page, and hold what each prints against what the page says."""
    found = python_blocks(text)
    ran = subprocess.run(
        [sys.executable, "-c", RUN, *(body for body, _ in found)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    for (body, expected), said in zip(found, ran.stdout.split(f"{MARK}\n"), strict=False):
        lines = [line.rstrip() for line in (expected or "").splitlines()]
        assert not lines or told(lines).fullmatch(printed(said)), f"{body}\n{said}"


@pytest.mark.parametrize("page", PYTHON_PAGES, ids=lambda page: page.name)
def test_the_python_of_a_page_prints_what_the_page_says(page, folder):
    follow(page.read_text(encoding="utf-8"), folder)


def test_the_readme_and_the_guide_have_python_and_the_five_lines_are_five():
    assert {"README.md", "use-it-from-python.md"} <= {page.name for page in PYTHON_PAGES}
    for page in PYTHON_PAGES[:2]:
        first = python_blocks(page.read_text(encoding="utf-8"))[0][0]
        assert len([line for line in first.splitlines() if line]) == 5, page.name
        assert "eb.value" in first
        assert "eb.explain" in first


@pytest.mark.parametrize(
    "page",
    ["```python\nprint(1)\n```\n\n```text\n2\n```\n", "```python\nraise SystemExit(1)\n```\n"],
)
def test_a_page_whose_python_does_not_hold_is_found(page, folder):
    with pytest.raises(AssertionError):
        follow(page, folder)


def test_the_notebook_runs_from_its_first_cell_to_its_last(folder):
    ran = subprocess.run(
        [sys.executable, NOTEBOOK], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "=  Notional SEN budget   72,727.40  pounds" in ran.stdout
    assert "1333000.00" in ran.stdout


def test_the_notebook_elsewhere_than_in_the_project_says_how_to_make_a_table(tmp_path):
    ran = subprocess.run(
        [sys.executable, NOTEBOOK], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "evenband synth --pupils 2000 --out invented" in ran.stderr


def test_the_notebook_is_plain_cells():
    cells = NOTEBOOK.read_text(encoding="utf-8").split("# %%")[1:]
    assert len(cells) > 8
    for cell in cells:
        if cell.startswith(" [markdown]"):
            assert all(line.startswith("#") for line in cell.splitlines()[1:] if line)


def test_the_r_script_gets_the_same_budgets_from_the_service(folder, service):
    need("R with jsonlite")
    program = need("R with httr2")
    for wrong, sentence in ((False, "Total 2023513.34"), (True, "phase")):
        table = folder / "schools.csv"
        text = (folder / "fixtures/tables/northumberland_2015_16_schools.csv").read_text()
        table.write_text(text.replace("secondary", "academy") if wrong else text)
        ran = subprocess.run(
            [program, ROOT / "docs" / "call-it.R", service, table],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode != 0) is wrong, ran.stderr
        assert sentence in (ran.stderr if wrong else ran.stdout)
        assert wrong or "72727.40" in ran.stdout


def test_the_sources_of_the_guides_stand_beside_them():
    text = (ROOT / "docs" / "use-it-from-python.md").read_text(encoding="utf-8")
    for name in ("notebook.py", "call-it.R", "columns.md"):
        assert f"({name})" in text
        assert (Path(ROOT) / "docs" / name).exists(), name
