"""A reading written for other choices is marked."""

import hubanalysis as hub


def test_the_plan_as_filed_is_not_marked(capsys):
    hub.mark_choices(hub.Case.open("norwegian-tourism-cluster"))
    assert capsys.readouterr().out == ""


def test_every_choice_is_named(capsys):
    case = hub.Case.open("norwegian-tourism-cluster")
    hub.mark_choices(case.change(drop=["Oslo"]).change(main="did"))
    said = capsys.readouterr().out
    assert all(choice in said for choice in ("Oslo left out", "decides"))
