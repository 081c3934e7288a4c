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
from tools.teach.assign import instructor_notebook, pack, student_notebook
from tools.teach.keys import keys

SECRET = "qqsecretqq"
ONE_CELL = "```{code-cell}\n1\n```\n"
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
    said = "the variable of this exercise holds (3 points; 2 more for the sentence)"
    assert said in key.cells[-2].source
    assert keys(pieces(chapter.notebook))["one-count"].code == "total"


def solved(code, outputs=()):
    """The small chapter with another solution, as if it had run."""
    chapter = pretend_executed(HEADER + SMALL.replace("total = 40 + 2\ntotal", code))
    [cell] = [c for c in chapter.notebook.cells if code in c.source]
    cell.execution_count, cell.outputs = 1, list(outputs)
    return chapter


def printed(text):
    return [new_output("stream", text=text)]


def value(text):
    return [new_output("execute_result", {"text/plain": text})]


def test_what_a_solution_prints_last_is_what_the_variable_holds():
    chapter = solved('print("between", low, "and", high)', printed("between 1 and 2"))
    key = keys(pieces(chapter.notebook))["one-count"]
    assert (key.code, key.shown) == ("(low, high)", "between 1 and 2")
    assert keys(pieces(solved("print(low)").notebook))["one-count"].code == "low"


def test_what_a_solution_prints_on_its_way_is_the_key_as_text():
    loop = "for n in (1, 2):\n    print(n)"
    key = instructor_notebook(solved(loop, printed("1\n2\n")).notebook)
    assert key.cells[-1].source == "one_count = ['1', '2']\none_count"


@pytest.mark.parametrize("code", ["save(it)", "for n in (1, 2):\n    n"])
def test_a_solution_that_leaves_nothing_is_refused(tmp_path, code):
    with pytest.raises(EditionError, match="'one-count' ends with nothing that its"):
        pack([solved(code)], tmp_path / "a.zip")
    assert not list(tmp_path.iterdir())


def test_an_exercise_without_code_in_its_solution_is_marked_in_words_alone():
    text = re.sub(r"```\{code-cell\}.*?```\n", "", SMALL, flags=re.S)
    student = student_notebook(pretend_executed(HEADER + ONE_CELL + text).notebook)
    answers = [c for c in student.cells if "points" in c.metadata]
    assert [c.metadata["points"] for c in answers] == [0, 5]
    assert not any("one_count" in cell.source for cell in student.cells)
    told = [c.source for c in student.cells if "points, in words" in c.source]
    assert told == ["*5 points, in words. Code, if you write any, goes here.*"]


def test_the_marking_tells_the_number_its_unit_and_how_near_is_near_enough(tmp_path):
    chapter = solved("total", value("0.1024"))
    for cell in chapter.notebook.cells:
        cell.source = cell.source.replace("It is 42.", "It is 11 percent.")
    with zipfile.ZipFile(pack([chapter], tmp_path / "a.zip")) as archive:
        notes = archive.read("instructor/case-marking.md").decode()
    assert "5 points: 3 for the code, 2 for words" in notes
    assert "`one_count` holds\n\n```\n0.1024\n```" in notes
    assert "In logarithms; 11 percent says the same." in notes
    assert "agrees to two figures" in notes


def test_every_exercise_that_computes_in_the_book_has_a_key_or_is_in_words(packed):
    for path in ASSIGNABLE:
        parts = pieces(as_notebook(path.read_text("utf8"), path))
        student = packed[f"student/{path.stem}.ipynb"]
        key = packed[f"instructor/{path.stem}.ipynb"]
        asked = set(re.findall(r"\b(\w+) = \.\.\.  # what your", student))
        assert asked == {label.replace("-", "_") for label in keys(parts)}
        assert all(f'"{name} = ' in key for name in asked), path
        assert "= None" not in key
        assert not re.search(r'"\w+ = print\(', key)


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
