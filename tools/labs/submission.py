"""Read what a student handed in, and say what is wrong with it before it is run."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from hubanalysis.panels.homework import as_student
from hubanalysis.words.refusals import HubError, nearest
from labs.marking import LABS
from tools.labs.source import LabError, assigned


@dataclass
class Submission:
    """One file that was handed in.

    Attributes
    ----------
    file : str
        Its name in the folder.
    text : str
        The notebook, as JSON.
    lab, student : str
        Empty if they cannot be told.
    fault : str
        Why it cannot be marked; empty if it can.
    missing : list of str
        Answers for which no cell is left: they earn nothing, the others count.
    questions : dict
        By name, what `tools.labs.run` found.
    """

    file: str
    text: str = ""
    lab: str = ""
    student: str = ""
    fault: str = ""
    missing: list[str] = field(default_factory=list)
    questions: dict[str, dict] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points of all questions."""
        return sum(found["points"] for found in self.questions.values())

    @property
    def out_of(self) -> int:
        """Points that the lab gives."""
        return sum(q.out_of for q in LABS.get(self.lab, ()))


def submissions(folder: Path, students: Collection[str]) -> list[Submission]:
    """Read every notebook, and every zip file that holds one, in a folder.

    Raises
    ------
    LabError
        If there is no such folder, or nothing in it that could be marked.
    """
    if not folder.is_dir():
        raise LabError(f"there is no folder {folder}: make grade SUBMISSIONS=folder")
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in (".ipynb", ".zip")
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not paths:
        raise LabError(f"{folder} holds no notebook (.ipynb) and no .zip file.")
    read = [read_one(path, folder, students) for path in paths]
    owners: dict[tuple[str, str], Submission] = {}
    for one in read:
        if one.fault:
            continue
        first = owners.setdefault((one.lab, one.student), one)
        if first is not one:
            one.fault = (
                f"{one.student} handed in {first.file} for this lab as well; keep one."
            )
            first.fault = first.fault or one.fault.replace(first.file, one.file)
    return read


def read_one(path: Path, folder: Path, students: Collection[str]) -> Submission:
    """Read one file and find out whose it is, and for which lab."""
    one = Submission(path.relative_to(folder).as_posix())
    try:
        one.text = _text(path)
        notebook = nbformat.reads(one.text, as_version=4)
        nbformat.validate(notebook)
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    except LabError as error:
        one.fault = str(error)
        return one
    except Exception as error:  # nbformat raises whatever the broken file leads to
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        one.fault = f"cannot be read as a notebook ({reason:.80}). Ask for it again."
        return one
    called = [lab for lab in LABS if any(f'"{lab}"' in c for c in code)]
    named = notebook.metadata.get("otter", {}).get("assignment_name")
    one.lab = named if named in LABS else called[0] if len(called) == 1 else ""
    if not one.lab:
        one.fault = "is none of the labs: no cell calls hub.homework(STUDENT, ...)."
        return one
    try:
        one.student = as_student(_student(code))
    except HubError:
        one.fault = "STUDENT is not set to an id."
        return one
    if one.student not in students:
        near = nearest(one.student, students)
        hint = f" Is it {near!r}?" if near else ""
        one.fault = f"STUDENT = {one.student!r} is not on the roster.{hint}"
        return one
    names = set().union(*map(assigned, code))
    one.missing = [q.name for q in LABS[one.lab] if q.name not in names]
    return one


def _text(path: Path) -> str:
    if path.suffix != ".zip":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        inside = [n for n in archive.namelist() if n.endswith(".ipynb")]
        inside = [n for n in inside if not n.startswith("__MACOSX")]
        if len(inside) != 1:
            raise LabError(f"holds {len(inside)} notebooks; one is needed.")
        return archive.read(inside[0]).decode("utf-8")


def _student(code: list[str]) -> object:
    """Return what STUDENT was last set to, if it is a plain value."""
    found: object = None
    for source in code:
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except SyntaxError:
            continue
        for node in nodes:
            plain = isinstance(node, ast.Assign) and isinstance(
                node.value, ast.Constant
            )
            if plain and "STUDENT" in map(ast.unparse, node.targets):
                found = node.value.value
    return found
