"""Turn a lab's source into the form that otter-grader assigns.

A lab is one MyST notebook. Cells tagged ``answer`` hold the solution of the question
whose variable they set; the text before them is the question. Prompt and tests are made
here from the marking, so that points and reasons are written once.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from labs.marking import LABS
from labs.marking.question import Question

FOLDER = Path(__file__).parents[2] / "labs"
PLACEHOLDER = "STUDENT = ..."


class LabError(Exception):
    """A lab that cannot be built or a submission that cannot be marked, and why."""


def read_lab(lab: str, folder: Path = FOLDER) -> nbformat.NotebookNode:
    """Read a lab's source, and refuse one that does not fit its marking."""
    if lab not in LABS:
        raise LabError(f"there is no lab {lab!r}. There are: {', '.join(LABS)}.")
    path = folder / f"{lab}.md"
    if not path.is_file():
        raise LabError(f"{path} is missing.")
    notebook = jupytext.read(path, fmt="md:myst")
    asked = [answered(cell, lab).name for cell in notebook.cells if is_answer(cell)]
    wanted = [question.name for question in LABS[lab]]
    if asked != wanted:
        raise LabError(
            f"{path.name} answers {', '.join(asked)}; its marking asks for "
            f"{', '.join(wanted)}, in this order."
        )
    if sum(PLACEHOLDER in c.source for c in notebook.cells) != 1:
        raise LabError(f"{path.name} must hold {PLACEHOLDER!r} once.")
    return notebook


def is_answer(cell: nbformat.NotebookNode) -> bool:
    """Say whether a cell holds the answer to a question."""
    return cell.cell_type == "code" and "answer" in cell.metadata.get("tags", [])


def answered(cell: nbformat.NotebookNode, lab: str) -> Question:
    """Find the question whose variable a cell sets; exactly one."""
    found = [q for q in LABS[lab] if q.name in assigned(cell.source)]
    if len(found) != 1:
        names = ", ".join(q.name for q in found) or "no variable that is asked for"
        raise LabError(f"{lab}: a cell tagged answer sets {names}:\n{cell.source}")
    return found[0]


def assigned(code: str) -> set[str]:
    """Names that a cell assigns to; none if it is not Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def shares(lab: str) -> str:
    """Say how many points there are, and how many of them hidden tests give."""
    rows = [f"| `{q.name}` | {q.out_of} | {q.hidden} |" for q in LABS[lab]]
    points = sum(q.out_of for q in LABS[lab])
    hidden = sum(q.hidden for q in LABS[lab])
    return "\n".join(
        [
            f"**{points} points, {hidden} of them hidden.** The tests that you can run "
            "see only whether an answer is there and of the right kind: passing them "
            f"all gives {points - hidden} of {points}. Whether the answer is right is "
            "tested after you hand in, on your own figures; for every point lost you "
            "are told which design gives your answer. A mistake that the marking knows "
            "costs points where it is first made, and not again. Answers may be "
            "rounded to three decimals unless a question says otherwise.",
            "",
            "| answer | points | of them hidden |",
            "|---|---:|---:|",
            *rows,
        ]
    )


def form_test(question: Question) -> str:
    """Write the test that students can run: an answer of the right kind."""
    name, lines = question.name, [f"def test_{question.name}_form(env):"]
    lines += [
        f"    value = env.get({name!r})",
        f"    assert value is not None and value is not ..., {question.fault(None)!r}",
    ]
    if question.choices:
        lines += [
            "    known = isinstance(value, str) and value.strip().casefold() in "
            f"{question.choices!r}",
            f"    assert known, {question.fault('?')!r}",
        ]
    else:
        lines += [
            "    import math",
            "    from numbers import Real",
            "    number = isinstance(value, Real) and not isinstance(value, bool)",
            f"    assert number and math.isfinite(value), '{name} must be one number.'",
        ]
    return "\n".join(lines)


def hidden_tests(question: Question, lab: str) -> list[tuple[int, str]]:
    """Write the tests that mark: one for each wrong design that costs points."""
    return [
        (
            slip.points,
            f"def test_{question.name}_{slip.name}(env):\n"
            "    from labs.marking.check import check\n"
            f"    check({lab!r}, {question.name!r}, {slip.name!r}, env)",
        )
        for slip in question.slips
        if slip.points
    ]


def _test_cell(points: int, code: str, hidden: bool) -> nbformat.NotebookNode:
    config = f"points: {points}\nhidden: {str(hidden).lower()}"
    return new_code_cell(
        f'""" # BEGIN TEST CONFIG\n{config}\n""" # END TEST CONFIG\n{code}'
    )


def to_otter(lab: str, student: str, requirements: list[str]) -> nbformat.NotebookNode:
    """Make the notebook that ``otter assign`` takes.

    Parameters
    ----------
    lab : str
    student : str
        Somebody on the course's list, for whom the solution is run.
    requirements : list of str
        What the marking installs.
    """
    source = read_lab(lab)
    config = [
        "# ASSIGNMENT CONFIG",
        f"name: {lab}",
        "init_cell: true",
        "check_all_cell: true",
        "export_cell: false",
        "strip_solutions_from_all_cells: true",
        "files: [figures]",
        "autograder_files: [labs, course-secret.txt]",
        "requirements:",
        *(f"  - {package}" for package in requirements),
        "tests: {ok_format: false}",
        # Reasons are for students, once marks are published.
        "generate: {show_hidden: true, force_public_test_summary: true}",
    ]
    cells = [new_raw_cell("\n".join(config))]
    for number, cell in enumerate(source.cells):
        if is_answer(cell):
            cells += _question(answered(cell, lab), cell.source, lab)
        elif cell.cell_type == "code":
            code = cell.source.replace(
                PLACEHOLDER, f"STUDENT = {student!r}  # SOLUTION"
            )
            cells.append(new_code_cell(code))
        else:
            cells.append(new_markdown_cell(cell.source))
            if number == 0:
                cells.append(new_markdown_cell(shares(lab)))
    return _notebook(cells)


def _question(question: Question, solution: str, lab: str) -> list:
    stated = f"**`{question.name}`**, {question.out_of} points"
    return [
        new_raw_cell(
            f"# BEGIN QUESTION\nname: {question.name}\npoints: {question.out_of}"
        ),
        new_markdown_cell(f"{stated}, {question.hidden} of them hidden."),
        new_raw_cell("# BEGIN SOLUTION"),
        new_code_cell(
            f'""" # BEGIN PROMPT\n{question.name} = ...\n""" # END PROMPT\n'
            f"# BEGIN SOLUTION NO PROMPT\n{solution}\n# END SOLUTION"
        ),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# BEGIN TESTS"),
        _test_cell(question.form, form_test(question), hidden=False),
        *(
            _test_cell(points, code, hidden=True)
            for points, code in hidden_tests(question, lab)
        ),
        new_raw_cell("# END TESTS"),
        new_raw_cell("# END QUESTION"),
    ]


def to_nbgrader(lab: str, student: str) -> nbformat.NotebookNode:
    """Make the source notebook of an nbgrader assignment.

    Its hidden tests call the same marking, which must be importable where nbgrader
    runs, with the figures beside the notebook. The secret must not lie there: nbgrader
    hands out all that does.

    Parameters
    ----------
    lab : str
    student : str
        Somebody on the course's list, for whom the solution is run.
    """
    cells = []
    for number, cell in enumerate(read_lab(lab).cells):
        if cell.cell_type != "code":
            cells.append(new_markdown_cell(cell.source))
            if number == 0:
                cells.append(new_markdown_cell(shares(lab)))
        elif PLACEHOLDER in cell.source:
            before, after = cell.source.split(f"{PLACEHOLDER}\n")
            cells.append(new_code_cell(before.strip()))
            cells.append(_solution("student", "STUDENT", f"STUDENT = {student!r}"))
            cells.append(new_code_cell(after))
        elif not is_answer(cell):
            cells.append(new_code_cell(cell.source))
        else:
            question = answered(cell, lab)
            cells.append(
                _solution(f"{question.name}-answer", question.name, cell.source)
            )
            tests = [(question.form, form_test(question), False)]
            tests += [(p, code, True) for p, code in hidden_tests(question, lab)]
            for count, (points, code, hidden) in enumerate(tests):
                name = re.match(r"def (\w+)", code)[1]
                code = f"{code}\n\n\n{name}(globals())"
                if hidden:
                    code = f"### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"
                # Not by the name of the mistake: students see what a cell is called.
                grade_id = f"{question.name}-test-{count}"
                cells.append(_nbgrader_cell(code, grade_id, points=points))
    return _notebook(cells)


def _solution(grade_id: str, variable: str, code: str) -> nbformat.NotebookNode:
    """Make a cell that nbgrader empties, but for the line that names the variable."""
    code = f"# {variable} = ...\n### BEGIN SOLUTION\n{code}\n### END SOLUTION"
    return _nbgrader_cell(code, grade_id, solution=True)


def _nbgrader_cell(
    code: str, name: str, solution: bool = False, points: int = 0
) -> nbformat.NotebookNode:
    known = {"grade_id": name, "schema_version": 3, "task": False}
    known |= {"solution": solution, "locked": not solution, "grade": not solution}
    if not solution:
        known["points"] = points
    return new_code_cell(code, metadata={"nbgrader": known})


def _notebook(cells: list) -> nbformat.NotebookNode:
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # nbformat draws ids at random
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
