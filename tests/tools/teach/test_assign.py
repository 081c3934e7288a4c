"""A packed assignment gives students no word of a solution, and instructors all."""

import json
import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_output

from tests.tools.book.sources import HEADER, pretend_executed
from tools.book.chapters import ROOT
from tools.book.editions import EditionError
from tools.book.pieces import exercises, pieces
from tools.book.source import as_notebook, chapters
from tools.teach.assign import instructor_notebook, key_of, pack, student_notebook

SECRET = "qqsecretqq"
SMALL = """
```{exercise-start} Count
:label: one-count
```
**(rerun, 5 minutes)** Ask.
```{exercise-end}
```

````{solution-start} one-count
:class: dropdown
````

```{code-cell}
total = 40 + 2
total
```

It is 42. A common wrong answer is 41.
````{solution-end}
````
"""


def with_secrets(chapter):
    """Put a word that stands nowhere else into all that a solution is made of."""
    notebook = chapter.notebook
    inside = False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            lines = []
            for line in cell.source.splitlines():
                inside = inside or bool(re.match(r"`{3,}\{solution-start\}", line))
                if "{solution-end}" in line:
                    lines += [SECRET, ""] if inside else []
                    inside = False
                lines.append(line)
            cell.source = "\n".join(lines)
        elif inside:
            cell.source += f"\n# {SECRET}"
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), SECRET]
            cell.metadata[SECRET] = SECRET
            cell.outputs = [*cell.outputs, new_output("stream", text=SECRET)]
    return chapter


ASSIGNABLE = [p for p in chapters() if "{exercise-start}" in p.read_text("utf8")]


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """All chapters with exercises, packed, with a secret in every solution."""
    done = [
        with_secrets(pretend_executed(path.read_text("utf8"), path))
        for path in ASSIGNABLE
    ]
    target = tmp_path_factory.mktemp("packed") / "assignment.zip"
    with zipfile.ZipFile(pack(done, target)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("path", ASSIGNABLE, ids=lambda p: p.stem)
def test_a_chapter_with_exercises_has_two_at_least(path):
    number = path.read_text("utf8").count("{exercise-start}")
    assert number >= 2, f"{path.name} has a single exercise; ask another, or none"


def test_the_secret_is_in_every_solution_that_instructors_get(packed):
    for path in ASSIGNABLE:
        key = nbformat.reads(packed[f"instructor/{path.stem}.ipynb"], 4)
        solutions = sum(c.source.startswith("#### Solution") for c in key.cells)
        secrets = sum(c.source.rstrip().endswith(SECRET) for c in key.cells)
        assert secrets >= solutions > 0, path


def test_no_solution_is_in_what_students_get_neither_in_text_nor_in_metadata(packed):
    given = {name: text for name, text in packed.items() if "instructor/" not in name}
    assert len(given) == len(ASSIGNABLE) + 2
    for name, text in given.items():
        assert SECRET not in text, name


def shingles(text, length=9):
    """All runs of words of a text, whatever stands between them."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.mark.parametrize("path", ASSIGNABLE, ids=lambda p: p.stem)
def test_no_nine_words_of_a_solution_reach_a_student(path, packed):
    parts = pieces(as_notebook(path.read_text("utf8"), path))
    asked = shingles("\n".join(p.cell.source for p in parts if not p.solves))
    solved = shingles("\n".join(p.cell.source for p in parts if p.solves)) - asked
    assert solved
    student = json.loads(packed[f"student/{path.stem}.ipynb"])
    texts = ["".join(cell["source"]) for cell in student["cells"]]
    texts += [json.dumps(cell["metadata"]) for cell in student["cells"]]
    assert not solved & shingles("\n".join(texts))


def test_what_computes_has_a_variable_and_points_and_the_key_holds_its_value():
    chapter = pretend_executed(HEADER + SMALL)
    student = student_notebook(chapter.notebook)
    nbformat.validate(student)
    answers = [c for c in student.cells if "points" in c.metadata]
    assert answers[0].source.startswith("one_count = ...")
    assert [c.metadata["points"] for c in answers] == [3, 2]
    key = instructor_notebook(chapter.notebook)
    assert key.cells[-1].source == "one_count = total\none_count"
    [exercise] = exercises(pieces(chapter.notebook))
    assert key_of(exercise, pieces(chapter.notebook)) == "total"


def test_the_readme_has_the_minutes_and_the_marking_the_common_mistake(packed):
    assert "**hubs**: about" in packed["README.md"]
    for path in ASSIGNABLE:
        parts = pieces(as_notebook(path.read_text("utf8"), path))
        total = sum(exercise.minutes for exercise in exercises(parts))
        assert f"to read, {total} for exercises" in packed["README.md"]
    marking = packed["instructor/norwegian-tourism-cluster-marking.md"]
    assert "**Level none says:** A common wrong answer is that" in marking


def test_two_runs_pack_the_same_bytes(tmp_path):
    once = pack([pretend_executed(HEADER + SMALL)], tmp_path / "a.zip")
    twice = pack([pretend_executed(HEADER + SMALL)], tmp_path / "b.zip")
    assert once.read_bytes() == twice.read_bytes()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```{code-cell}\n1\n```\n", "has no exercises to assign"),
        (SMALL.replace("````{solution-end}\n````\n", ""), "has no solution-end"),
        (SMALL.replace("rerun, 5 minutes", "rerun"), "says no kind and minutes"),
    ],
)
def test_a_chapter_that_cannot_be_packed_leaves_nothing_behind(tmp_path, text, fault):
    good = pretend_executed(HEADER + SMALL)
    with pytest.raises(EditionError, match=fault):
        pack([good, pretend_executed(HEADER + text)], tmp_path / "a.zip")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("names", "fault"),
    [(["oslo", "hubs"], "There is no chapter 'oslo'"), ([], "Name chapters, as in")],
)
def test_the_command_says_what_is_wrong_in_a_sentence(tmp_path, names, fault):
    run = subprocess.run(
        [sys.executable, "-m", "tools.teach.assign", "--output", str(tmp_path / "a"),
         *names],
        cwd=ROOT, env=os.environ, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert fault in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(tmp_path.iterdir())
