"""MyST Markdown becomes Markdown that any notebook shows."""

import pytest

from tools.book.markdown import Context, cited_in, plain_markdown
from tools.release import RELEASE


def test_directives_and_roles_become_plain_markdown():
    text = (
        "(label)=\n# Title\n\n:::{admonition} In brief\n:class: verdict-card\n\n"
        "It is {glue:text}`att` {math}`x`, see {numref}`fig-one`.\n:::\n\n"
        "```{math}\n:label: sum\na + b\n```\n[there](other.md)\n"
    )
    plain = plain_markdown(
        text, Context({"att": "'1.2'"}, {"fig-one": 3}, "chapters/case")
    )
    assert "> **In brief**" in plain
    assert "> It is 1.2 $x$, see Figure 3." in plain
    assert "$$\na + b\n$$" in plain
    assert "/chapters/other.html)" in plain
    assert "{" not in plain
    assert "(label)=" not in plain


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{glue:text}`gone`", "no cell says the number 'gone'"),
        ("{numref}`fig-gone`", "no figure is called 'fig-gone'"),
        ("{cite:p}`Gone2020`", "has no work 'Gone2020'"),
    ],
)
def test_what_is_not_there_is_refused_and_not_printed_as_a_key(text, fault):
    with pytest.raises(KeyError, match=fault):
        plain_markdown(text)


def test_works_are_cited_by_name_and_without_latex():
    text = "As {cite:t}`Rotnes2017` say {cite:p}`Rotnes2017, Abadie2021`."
    assert cited_in(text) == ["Rotnes2017", "Rotnes2017", "Abadie2021"]
    assert plain_markdown(text) == (
        "As Røtnes et al. (2017) say (Røtnes et al. 2017; Abadie 2021)."
    )


def test_a_file_to_download_is_that_of_the_release():
    plain = plain_markdown("{download}`it <../data/plan.toml>`")
    assert plain == (
        f"[it](https://github.com/hubanalysis/hubanalysis/raw/{RELEASE}/data/plan.toml)"
    )


def test_directives_in_directives_are_quoted_twice_and_code_stays_as_it_is():
    text = (
        "::::{exercise} Count\nHow many?\n\n:::{tip}\nFew.\n:::\n::::\n\n"
        "````{solution-start} count\n:class: dropdown\n````\nTwo.\n\n"
        "```python\n{term}`a`\n```\n\n````{solution-end}\n````\n"
    )
    assert plain_markdown(text) == (
        "> **Exercise: Count**\n>\n> How many?\n>\n> > **Tip**\n> >\n> > Few.\n\n"
        "**Solution**\n\nTwo.\n\n```python\n{term}`a`\n```"
    )


def test_a_role_may_run_over_the_end_of_a_line():
    assert plain_markdown("the {term}`donor\npool <Donor pool>`") == "the donor\npool"
