"""The key earns all, a blank nothing, and each named mistake costs its points.

Sixty students here; with ``LAB_STUDENTS=500``, as once a week, so many.
"""

import os

import numpy as np
import pytest

from hubanalysis.panels.homework import FIGURES, file_name, make
from labs.marking import LABS, key, mark
from labs.marking.check import SECRET_FILE, check
from labs.marking.question import Question, Slip
from tools.labs.source import is_answer, read_lab

STUDENTS = [f"student {i}" for i in range(int(os.environ.get("LAB_STUDENTS", "60")))]
# The solutions run the library, which takes longer than the marking.
SOLVED = STUDENTS[:: max(1, len(STUDENTS) // 6)]
each_lab = pytest.mark.parametrize("lab", LABS)
# A mistake that hardly moves the answer of some students costs those nothing.
MAY_AGREE = {"summed_jobs"}


def solve(lab, homework):
    """Run the solutions of a lab's source on these figures."""
    known = {"mine": homework, "panel": homework.panel}
    exec("import numpy as np, pandas as pd, hubanalysis as hub", known)
    for cell in read_lab(lab).cells:
        slow = "plot" in cell.source or "power_before(" in cell.source
        if is_answer(cell) or not (slow or "STUDENT" in cell.source):
            exec(cell.source if cell.cell_type == "code" else "", known)
    return {question.name: known[question.name] for question in LABS[lab]}


@each_lab
def test_the_key_earns_all_points_and_a_mistake_costs_its_own(lab):
    for student in STUDENTS:
        homework = make(student, lab, "a secret of the course")
        right = key(homework)
        marks = mark(homework, right)
        assert all(m.points == m.out_of and not m.slips for m in marks.values())
        for question in LABS[lab]:
            for slip in question.slips:
                wrong = right | {question.name: question.value(homework, {}, (slip,))}
                m = mark(homework, wrong)[question.name]
                if slip.name in MAY_AGREE and not m.slips:
                    continue
                assert m.points == m.out_of - slip.points, (student, slip, m)
                if slip.points:
                    assert (m.slips, m.reasons) == ((slip.name,), (slip.says,))


def costly(lab):
    """The slips of a lab that cost points, and where each of them is met first."""
    met = [(slip, q.name) for q in LABS[lab] for slip in q.slips if slip.points]
    return {slip.name: (slip, name) for slip, name in reversed(met)}


@each_lab
def test_a_mistake_made_throughout_is_paid_for_once_where_it_is_met_first(lab):
    for student in STUDENTS:
        homework = make(student, lab, "a secret of the course")
        for name, (slip, first) in costly(lab).items():
            if name in MAY_AGREE:
                continue
            given = {}
            for question in LABS[lab]:
                slips = tuple(s for s in question.slips if s.name == name)
                goes_on_from_own = question.choices or question.name == "hubs_for_half"
                answers = given if goes_on_from_own else {}
                given[question.name] = question.value(homework, answers, slips)
            marks = mark(homework, given)
            lost = {n: m.out_of - m.points for n, m in marks.items()}
            assert lost == dict.fromkeys(lost, 0) | {first: slip.points}, student


@each_lab
def test_one_answer_rounded_as_is_allowed_costs_nothing_in_those_after_it(lab):
    for student in STUDENTS:
        homework = make(student, lab, "a secret of the course")
        right = key(homework)
        for question in LABS[lab]:
            value = right[question.name]
            if isinstance(value, float) and question.rounded > 5e-4:
                marks = mark(homework, right | {question.name: round(value, 3)})
                assert all(m.points == m.out_of for m in marks.values()), student


@each_lab
def test_who_goes_on_from_an_answer_that_nothing_explains_loses_only_that(lab):
    later = [q for q in LABS[lab] if q.goes_on]
    for student in STUDENTS[:20] if later else ():
        homework = make(student, lab, "a secret of the course")
        right = key(homework)
        first = LABS[lab][0]
        given = right | {first.name: 1.37 * right[first.name] + 5}
        for question in later:
            given[question.name] = question.value(homework, given)
        marks = mark(homework, given)
        assert marks[first.name].slips == ("other",)
        assert all(marks[q.name].points == q.out_of for q in later), student


def test_a_word_must_fit_the_number_that_the_student_gave():
    homework = make("ida", "power-before", "a")
    given = key(homework) | {"detectable": 0.0001, "enough": "no"}
    m = mark(homework, given)["enough"]
    assert (m.slips, m.points) == (("backwards",), m.out_of - 1)


def test_jobs_summed_in_place_of_logs_are_known_and_so_is_a_loss_without_its_sign():
    homework = make("0042", "did-trap", "a")
    frame, told = homework.panel.frame, homework.told
    jobs = np.exp(frame.drop(index=told["joined_later"]))
    own, others = jobs.loc[told["hub"]], jobs.drop(index=told["hub"]).sum()
    before, after = slice(2014, told["closed"] - 1), slice(told["closed"], 2019)
    hubs = own.loc[after].mean() / own.loc[before].mean()
    share = hubs / (others.loc[after].mean() / others.loc[before].mean()) - 1
    right = key(homework)
    assert abs(share - right["closure"]) > 0.001
    m = mark(homework, right | {"closure": share})["closure"]
    assert (m.slips, m.points) == (("summed_jobs",), m.out_of - 1)
    m = mark(homework, right | {"closure": -right["closure"]})["closure"]
    assert (m.slips, m.points) == (("loss_as_gain",), m.out_of - 1)


def test_a_hidden_test_fails_for_a_slip_where_it_is_met_first_alone(tmp_path):
    lab = "mix-of-donors"
    homework = make("ida", lab, "a secret")
    (tmp_path / FIGURES).mkdir()
    (tmp_path / FIGURES / file_name("ida", lab)).write_text(homework.to_json())
    (tmp_path / SECRET_FILE).write_text("a secret")
    env = {"STUDENT": "ida"}
    for question in LABS[lab]:
        slips = tuple(s for s in question.slips if s.name == "late_fit")
        env[question.name] = question.value(homework, {}, slips)
    with pytest.raises(AssertionError, match="Later periods are in the fit"):
        check(lab, "effect", "late_fit", env, tmp_path)
    for name in ("fit", "largest_weight"):
        assert check(lab, name, "late_fit", env, tmp_path) is None


@each_lab
def test_the_solution_in_the_notebook_earns_all_points(lab):
    for student in SOLVED:
        homework = make(student, lab, "a secret of the course")
        marks = mark(homework, solve(lab, homework))
        assert {m.reasons for m in marks.values()} == {()}, student


# Hubs of counting-chance are chosen for how far out they are.
@pytest.mark.parametrize("lab", [lab for lab in LABS if lab != "counting-chance"])
def test_the_right_design_finds_on_average_what_was_planted(lab):
    off = []
    for student in STUDENTS:
        homework = make(student, lab, "a secret of the course")
        ((name, planted),) = homework.truth.items()
        # A standard deviation in forty places errs downwards; its square does not.
        power = 2 if name == "noise" else 1
        off.append(key(homework)[name] ** power - planted**power)
    assert abs(np.mean(off)) < 4 * np.std(off) / np.sqrt(len(off))


@each_lab
@pytest.mark.parametrize("blank", [None, ..., "missing"])
def test_a_blank_earns_nothing(lab, blank):
    given = {} if blank == "missing" else {q.name: blank for q in LABS[lab]}
    marks = mark(make("ida", lab, "a"), given)
    assert sum(m.points for m in marks.values()) == 0
    for name, m in marks.items():
        assert m.reasons == (f"{name} has no answer yet.",)


@each_lab
def test_an_answer_that_no_design_gives_keeps_the_point_for_its_form(lab):
    homework = make("ida", lab, "a")
    for question in LABS[lab]:
        if not question.choices:
            m = question.mark(homework, {question.name: 123.456})
            assert (m.points, m.slips) == (question.form, ("other",))
            assert "neither what the right design gives" in m.reasons[0]


@each_lab
def test_answers_may_be_rounded_to_three_decimals(lab):
    homework = make("ida", lab, "a")
    right = key(homework)
    for question in LABS[lab]:
        value = right[question.name]
        if isinstance(value, float) and question.rounded > 5e-4:
            m = question.mark(homework, {question.name: round(value, 3)})
            assert m.points == m.out_of


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "0.1", [0.1]])
def test_a_number_is_asked_for(value):
    homework = make("ida", "did-trap", "a")
    m = mark(homework, {"effect": value})["effect"]
    assert m.points == 0
    assert m.reasons[0].startswith("effect must be one number, not ")


def test_a_text_must_be_one_of_the_choices_in_any_case():
    homework = make("ida", "power-before", "a")
    right = key(homework)
    assert mark(homework, right | {"enough": "perhaps"})["enough"].points == 0
    loud = mark(homework, right | {"enough": f" {right['enough'].upper()} "})["enough"]
    assert loud.points == loud.out_of


def test_two_mistakes_in_one_answer_cost_both():
    homework = make("ida", "did-trap", "a")
    (question,) = (q for q in LABS["did-trap"] if q.name == "effect")
    _, donor, late, _ = question.slips
    value = question.value(homework, {}, (donor, late))
    m = question.mark(homework, {"effect": value})
    assert set(m.slips) == {donor.name, late.name}
    assert m.points == m.out_of - donor.points - late.points


def test_the_fewest_mistakes_that_explain_an_answer_are_taken():
    def answer(homework, given, one=False, two=False):
        return 1.0 if one or two else 0.0

    slips = (Slip("one", 1, "One."), Slip("two", 2, "Two."))
    question = Question("x", answer, slips)
    assert question.mark(None, {"x": 1.0}).slips == ("one",)
    assert [len(design) for design in question.designs] == [0, 1, 1, 2]
    # One that was paid for before explains it at no cost.
    m = question.mark(None, {"x": 1.0}, paid={"two"})
    assert (m.points, m.slips, m.meant) == (m.out_of, (), 1.0)


def test_a_wrong_noise_is_not_paid_for_twice():
    homework = make("ida", "power-before", "a")
    (question,) = (q for q in LABS["power-before"] if q.name == "detectable")
    given = {"noise": 0.5}
    given["detectable"] = question.value(homework, given)
    marks = mark(homework, given)
    assert marks["noise"].points < marks["noise"].out_of
    assert marks["detectable"].points == marks["detectable"].out_of


@each_lab
def test_most_points_are_hidden_and_every_reason_is_a_sentence(lab):
    questions = LABS[lab]
    hidden = sum(q.hidden for q in questions)
    assert 0.6 < hidden / sum(q.out_of for q in questions) < 0.9
    for question in questions:
        for slip in question.slips:
            assert slip.says[0].isupper() or slip.says.startswith("p ")
            assert slip.says.endswith(".")
