"""Choices that chapters offer can be made by the book as by a reader."""

import pytest

from tools.book.chapters import ROOT
from tools.book.source import read
from tools.book.variants import choices, choose

CASES = sorted(
    folder.parent.name
    for folder in ROOT.glob("data/*/plan.toml")
    if (ROOT / f"chapters/{folder.parent.name}.md").is_file()
)


def chapter(name):
    return read(ROOT / f"chapters/{name}.md")


@pytest.mark.parametrize("name", CASES)
def test_every_case_offers_four_choices(name):
    lost = {"outcome", "drop", "window", "main"} - set(choices(chapter(name)))
    assert not lost, (
        f"chapters/{name}.md: the cell that opens the case ends in `.change(`, with a "
        f"commented line for each choice; {', '.join(sorted(lost))} are missing"
    )


def test_a_choice_takes_one_comment_away_and_no_other():
    before, made = chapter("k-semiconductor-belt"), chapter("k-semiconductor-belt")
    choose(made, "drop")
    changed = [
        (old.source, new.source)
        for (_, old), (_, new) in zip(before.code, made.code)
        if old.source != new.source
    ]
    [(old, new)] = changed
    assert new.replace('drop=["Israel"]', '# drop=["Israel"]') == old


def test_a_choice_that_is_not_offered_is_refused_by_name():
    with pytest.raises(ValueError, match="does not offer 'colour'; it offers outcome"):
        choose(chapter("yozma"), "colour")
    with pytest.raises(ValueError, match="it offers none"):
        choose(chapter("hubs"), "outcome")
