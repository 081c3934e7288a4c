"""A lab's source becomes notebooks in which text and marking agree."""

import json
import re

import nbformat
import pytest

from labs.marking import LABS
from tools.labs.source import (
    FOLDER,
    LabError,
    assigned,
    form_test,
    is_answer,
    read_lab,
    shares,
    to_nbgrader,
    to_otter,
)

each_lab = pytest.mark.parametrize("lab", LABS)


@each_lab
def test_both_forms_are_sound_notebooks_and_the_same_twice(lab):
    for make in (lambda: to_otter(lab, "ida", ["x"]), lambda: to_nbgrader(lab, "ida")):
        nbformat.validate(make())
        assert make() == make()


@each_lab
def test_points_of_the_tests_add_up_to_those_of_each_question(lab):
    points, hidden = {}, {}
    for cell in to_otter(lab, "ida", ["x"]).cells:
        if begun := re.match(r"# BEGIN QUESTION\nname: (\w+)", cell.source):
            name = begun[1]
        if "BEGIN TEST CONFIG" in cell.source:
            worth = int(re.search(r"points: (\d+)", cell.source)[1])
            points[name] = points.get(name, 0) + worth
            if "hidden: true" in cell.source:
                hidden[name] = hidden.get(name, 0) + worth
    assert points == {q.name: q.out_of for q in LABS[lab]}
    assert hidden == {q.name: q.hidden for q in LABS[lab]}


@each_lab
def test_the_hidden_share_is_stated_on_top(lab):
    questions = LABS[lab]
    hidden = sum(q.hidden for q in questions)
    points = sum(q.out_of for q in questions)
    assert f"**{points} points, {hidden} of them hidden.**" in shares(lab)
    for notebook in (to_otter(lab, "ida", ["x"]), to_nbgrader(lab, "ida")):
        first = [c for c in notebook.cells if c.cell_type == "markdown"][:2]
        assert shares(lab) == first[1].source


@each_lab
def test_a_public_test_passes_an_answer_of_the_right_kind_and_no_other(lab):
    for question in LABS[lab]:
        known = {}
        exec(form_test(question), known)
        test = known[f"test_{question.name}_form"]
        test({question.name: question.choices[0] if question.choices else 1.5})
        for wrong in (None, ..., [1.0], True, float("nan"), "perhaps"):
            assert question.fault(wrong)
            with pytest.raises(AssertionError, match=question.name):
                test({question.name: wrong})


@each_lab
def test_minutes_add_up_to_what_the_lab_says(lab):
    text = (FOLDER / f"{lab}.md").read_text("utf-8")
    said = int(re.search(r"Time: about (\d+)\s+minutes", text)[1])
    parts = [int(n) for n in re.findall(r"^## .*\((\d+) minutes\)$", text, re.M)]
    assert sum(parts) == said
    assert 60 <= said <= 90


@each_lab
def test_a_solution_stands_only_where_it_is_taken_out(lab):
    answers = [c.source for c in read_lab(lab).cells if is_answer(c)]
    for cell in to_nbgrader(lab, "ida").cells:
        for answer in answers:
            if answer in cell.source:
                assert "### BEGIN SOLUTION\n" in cell.source.partition(answer)[0]
                assert cell.source.endswith("\n### END SOLUTION")
    left = json.dumps(
        [
            cell.source
            for cell in to_nbgrader(lab, "ida").cells
            if "nbgrader" not in cell.metadata
        ]
    )
    assert not [a for a in answers if json.dumps(a)[1:-1] in left]


@each_lab
def test_what_nbgrader_calls_a_cell_names_no_mistake(lab):
    names = [
        cell.metadata["nbgrader"]["grade_id"]
        for cell in to_nbgrader(lab, "ida").cells
        if "nbgrader" in cell.metadata
    ]
    assert len(names) == len(set(names))
    slips = {slip.name for question in LABS[lab] for slip in question.slips}
    assert not [n for n in names for slip in slips if slip in n]


def changed(tmp_path, old, new):
    text = (FOLDER / "did-trap.md").read_text("utf-8")
    assert old in text
    (tmp_path / "did-trap.md").write_text(text.replace(old, new), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("effect = hub", "efect = hub", "sets no variable that is asked for"),
        ("closure = np", "effect = closure = np", "sets effect, closure"),
        ("STUDENT = ...", "STUDENT = 'ida'", "must hold 'STUDENT = ...' once"),
        (":tags: [answer]\n\neffect", "\neffect", "its marking asks for"),
    ],
)
def test_a_source_that_does_not_fit_its_marking_is_refused(old, new, says, tmp_path):
    with pytest.raises(LabError, match=re.escape(says)):
        read_lab("did-trap", changed(tmp_path, old, new))


def test_a_lab_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(LabError, match=r"no lab 'did'. There are: did-trap"):
        read_lab("did")
    with pytest.raises(LabError, match=r"did-trap.md is missing"):
        read_lab("did-trap", tmp_path)


def test_what_a_cell_assigns_is_seen_in_loops_and_branches_but_not_in_broken_code():
    assert assigned("if x:\n    a = b = 1\nfor c in d: e[0] = 2") == {"a", "b", "c"}
    assert assigned("a = = 1") == set()
