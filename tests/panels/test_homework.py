"""Figures differ by student, and are the same for whoever has the secret."""

import json

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.panels import homework

LAB = "did-trap"
each_lab = pytest.mark.parametrize("lab", homework.LABS)


@pytest.fixture(autouse=True)
def no_secret(monkeypatch):
    monkeypatch.delenv(homework.SECRET, raising=False)


@each_lab
def test_the_same_student_gets_the_same_figures(lab):
    one, again = (homework.make(name, lab, "a") for name in ("Ida ", "ida"))
    np.testing.assert_array_equal(one.panel.values, again.panel.values)
    assert (one.told, one.truth) == (again.told, again.truth)


@each_lab
def test_another_student_another_secret_and_another_lab_give_other_figures(lab):
    one = homework.make("ida", lab, "a").panel
    for other in (homework.make("olav", lab, "a"), homework.make("ida", lab, "b")):
        shared = one.frame.stack().reindex(other.panel.frame.stack().index)
        assert not shared.eq(other.panel.frame.stack()).any()


@each_lab
def test_what_is_handed_out_reads_back_without_the_truth(lab, tmp_path):
    made = homework.make("ida", lab, "a")
    (tmp_path / homework.file_name("ida", lab)).write_text(made.to_json())
    read = hub.homework("IDA", lab, tmp_path)
    np.testing.assert_array_equal(read.panel.values, made.panel.values)
    assert read.panel.units.equals(made.panel.units)
    assert read.panel.first_treated == made.panel.first_treated
    assert read.told == made.told
    assert read.truth == {}
    for planted in made.truth.values():
        assert repr(planted) not in made.to_json()


def test_with_the_secret_no_file_is_needed(monkeypatch):
    monkeypatch.setenv(homework.SECRET, "a")
    assert hub.homework("ida", LAB).truth == homework.make("ida", LAB, "a").truth


def test_a_file_name_does_not_tell_whose_it_is():
    name = homework.file_name("ida", LAB)
    assert "ida" not in name
    assert name == homework.file_name(" Ida", LAB)
    assert name != homework.file_name("ida", "power-before")


def test_it_prints_what_the_student_is_told():
    made = homework.make("ida", LAB, "a")
    text = repr(made)
    assert all(str(fact) in text for fact in made.told.values())
    assert repr(made.truth["effect"]) not in text


@pytest.mark.parametrize("student", ["", "  ", None, ..., 3.5, True, ["ida"]])
def test_an_id_that_is_none_is_refused(student):
    with pytest.raises(hub.HubError, match="student must be your id"):
        hub.homework(student, LAB)


def test_a_number_may_be_an_id():
    assert homework.as_student(20451) == "20451"


def test_a_lab_that_is_misspelt_is_refused_with_the_nearest():
    with pytest.raises(hub.HubError, match="Did you mean 'did-trap'"):
        hub.homework("ida", "did-trp")


def test_a_wrong_id_is_told_what_to_do(tmp_path):
    with pytest.raises(hub.HubError, match=r"no figures for student 'idaa'.*list"):
        hub.homework("idaa", LAB, tmp_path)


@pytest.mark.parametrize("damage", ["cut", "list", "missing", "place"])
def test_a_damaged_file_is_refused_with_its_name(damage, tmp_path):
    text = homework.make("ida", LAB, "a").to_json()
    if damage == "cut":
        text = text[:200]
    elif damage == "list":
        text = "[]"
    else:
        given = json.loads(text)
        if damage == "missing":
            del given["places"]
        else:
            given["places"]["Berg"] = [1.0]
        text = json.dumps(given)
    name = homework.file_name("ida", LAB)
    (tmp_path / name).write_text(text)
    with pytest.raises(hub.HubError, match=f"{name} was changed or cut short"):
        hub.homework("ida", LAB, tmp_path)
