"""What every chapter must have, read from its source."""

import ast
import builtins
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


CHAPTERS = sorted((ROOT / "chapters").glob("*.md"))


def plan_of(path: Path) -> Path:
    return ROOT / "data" / path.stem / "plan.toml"


CASES = [p for p in CHAPTERS if plan_of(p).exists()]


PARTS = [
    *("What you will be able to do", "Before you start", "The policy", "The data"),
    *("The design", "A first look", "Estimates", "What could be wrong"),
    *("What an effect would have had to be", "What this cannot show", "Key ideas"),
    *("Exercises", "References"),
]


# A figure of a source that the next sentence cites, or the plan holds.
CITED_NEAR = {("norwegian-tourism-cluster", "130")}
# What only a result has behind it.
RESULT = re.compile(
    r"(?<![\w-])\d[\d.,]*(%| (percent|percentage points|points|times)\b)|\bp = \d"
)
CELL = re.compile(r"^```{code-cell}.*?^```$", re.M | re.S)
# Calls that compute something which a reader should be able to see.
COMPUTES = re.compile(
    r"hub\.(?!say$|\w+_text\b).*|(sm|smf|stats|linearmodels|optimize)\..*"
    r"|(.*\.)?[A-Z]\w*|.*\.(battery|verdict|panel|levels|fit|aggregate|interval)"
)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """The sentences alone: no front matter, code, roles, links or directives."""
    body = re.sub(r"\A---.*?^---$", "", text(path), flags=re.M | re.S)
    body = CELL.sub("", body)
    body = re.sub(r"\{cite:\w\}`[^`]*`", " cite: ", body)
    body = re.sub(r"\{[\w:]+\}`[^`]*`", "", body)
    body = re.sub(r"\bHS \d{4}\b", "", body)  # a heading of the customs tariff
    body = re.sub(r"`[^`]*`|\]\([^)]*\)|\*\*\([^)]*\)\*\*", "", body)
    return re.sub(r"^(`{3,}|:).*$", "", body, flags=re.M)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_case_has_every_part_in_order(path):
    headings = re.findall(r"^## (.+)$", text(path), flags=re.M)
    found = [h for h in headings if h in PARTS]
    order = "\n".join(f"## {part}" for part in PARTS)
    lost = [part for part in PARTS if part not in found]
    assert found == PARTS, f"missing: {lost}; all of these, in this order:\n{order}"
    before = text(path).partition(f"## {PARTS[0]}")[0]
    assert "**In brief.**" in before, f"**In brief.** stands before ## {PARTS[0]}"


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_case_has_four_kinds_of_exercise_each_with_a_solution(path):
    labels = re.findall(r"{exercise-start}.*\n:label: (\S+)", text(path))
    solutions = re.findall(r"{solution-start} (\S+)", text(path))
    kinds = set(re.findall(r"\*\*\((recall|rerun|extend|criticise),", text(path)))
    lost = {"recall", "rerun", "extend", "criticise"} - kinds
    assert not lost, f"no exercise begins with {[f'**({k}, …' for k in sorted(lost)]}"
    assert sorted(labels) == sorted(solutions), "each exercise has one solution"


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_one_exercise_of_a_case_asks_for_what_another_chapter_tells(path):
    asked = re.findall(
        r"{exercise-start}.*?\n```\n(.*?)```{exercise-end}", text(path), re.S
    )
    others = {c.stem for c in CHAPTERS if "{exercise-start}" in text(c)} - {path.stem}
    linked = {x for a in asked for x in re.findall(r"\]\(([\w-]+)\.md\)", a)}
    assert linked & others, f"no exercise links one of {sorted(others)}"


DRAWS = re.compile(r"hub\.(\w+_plot|first_look|figure)$")


def code(cell):
    """The Python of a cell, without its fences and the options above it."""
    body = cell.removeprefix("```{code-cell}\n").removesuffix("```")
    return re.sub(r"\A(---\n.*?\n---\n|(:[^\n]*\n)+)", "", body, flags=re.S)


def told(call):
    """The words of a figure, with what its code computes in them left out."""
    words = {}
    for keyword in call.keywords:
        parts = ast.walk(keyword.value)
        texts = [p.value for p in parts if isinstance(p, ast.Constant)]
        words[keyword.arg] = "".join(map(str, texts))
    return words


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_figure_states_its_finding_and_what_is_to_be_seen(path):
    for cell in CELL.findall(text(path)):
        if "remove-cell" in cell:
            continue
        assert "caption:" not in cell, cell[:200]  # the title is the caption
        for node in ast.walk(ast.parse(code(cell))):
            if isinstance(node, ast.Call) and DRAWS.match(ast.unparse(node.func)):
                words = told(node)
                assert words.keys() >= {"name", "title", "unit", "alt", "source"}
                assert words["name"].startswith("fig-")
                assert not words["title"].endswith("."), words["title"]
                assert words["unit"].endswith("."), words["unit"]
                assert len(words["alt"]) > 40, words["alt"]


@pytest.mark.parametrize(
    "path", [p for p in CHAPTERS if ".change(\n    # " in text(p)], ids=lambda p: p.stem
)
def test_a_case_says_in_every_part_that_choices_are_a_readers(path):
    parts = re.split(r"^## ", text(path), flags=re.M)
    read = ("A first look", "Estimates", "What could be wrong", "What an effect would")
    told = [part for part in parts if part.startswith(read)]
    assert len(told) >= 3, f"three at least of the parts that begin with {read}"
    for part in told:
        called = "hub.mark_choices(case)" in part
        assert called, f"no hub.mark_choices(case) in ## {part.splitlines()[0]}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_number_in_prose_is_computed_a_date_or_cited(path):
    # Years, dates and ordinals are facts of the calendar; a figure from a source
    # stands in a paragraph that cites it, or is a fact in the plan.
    for paragraph in re.split(r"\n\s*\n", prose(path)):
        for number in re.findall(r"(?<![\w-])\d[\d.,]*%?", paragraph):
            bare = number.rstrip(".,")
            year = re.fullmatch(r"(19|20)\d\d|[12]?\d|3[01]", bare)
            assert year or "cite:" in paragraph or (path.stem, bare) in CITED_NEAR, (
                f"{bare} in: {paragraph.strip()[:120]}"
            )
        assert not (typed := RESULT.search(paragraph)) or "cite:" in paragraph, (
            f"{typed[0]} is typed in: {paragraph.strip()[:120]}. Say it by hub.say, or "
            "cite who found it."
        )


def removed_cells(path):
    """Statements of the cells that no page shows."""
    for cell in CELL.findall(text(path)):
        if "remove-cell" in cell:
            code = re.sub(r"\A```.*|^:tags:.*|```\Z", "", cell, flags=re.M)
            yield from ast.parse(code).body


def is_say(statement):
    call = getattr(statement, "value", None)
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "hub.say"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_cell_that_no_page_shows_only_puts_numbers_into_sentences(path):
    for statement in removed_cells(path):
        assert is_say(statement), ast.unparse(statement)
        for node in ast.walk(statement.value):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert not COMPUTES.fullmatch(called), called
                assert "." in called or hasattr(builtins, called), called


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_everything_said_is_used_and_everything_used_is_said(path):
    said, groups = set(), set()
    for statement in removed_cells(path):
        call = statement.value
        group = ast.literal_eval(call.args[0]) if call.args else ""
        said |= {f"{group}_{k.arg}".lstrip("_") for k in call.keywords}
        if len(call.args) > 1:
            groups.add(f"{group}_")
    used = set(re.findall(r"{glue:\w+}`(\w+)", text(path)))
    lost = {name for name in used - said if not name.startswith(tuple(groups))}
    assert lost == set(), "never said"
    assert said - used == set(), "never used"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_raw_regression_summary_and_no_network(path):
    code = "\n".join(CELL.findall(text(path)))
    assert not re.search(r"https?://|pip install|\.fit\(\)\.summary", code)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_period_is_written_in_a_way_that_older_pandas_refuses(path):
    # Period.__format__ came with pandas 3; .strftime() does the same in all.
    code = "\n".join(CELL.findall(text(path)))
    assert not re.search(r"\{[^{}]+:%[A-Za-z]", code)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_case_reads_from_its_plan_which_changes_came_before_their_results(path):
    assert "hub.amended(case)" in text(path)
    by_hand = re.search(r"(were|was) filed before (they|it|their|its)", prose(path))
    assert by_hand is None, by_hand


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_outcome_of_the_plan_is_in_the_chapter(path):
    plan = tomllib.loads(text(plan_of(path)))
    everything = "case.outcomes" in text(path)
    for outcome in plan["outcomes"]:
        assert everything or outcome in text(path)


def test_every_chapter_is_in_the_table_of_contents():
    contents = text(ROOT / "_toc.yml")
    lost = [p.stem for p in CHAPTERS if f"chapters/{p.stem}" not in contents]
    assert not lost, f"list in _toc.yml: {lost}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_linked_term_is_in_the_glossary_and_every_case_links_some(path):
    entries = set(
        re.findall(r"^(\S.*)\n  \S", text(ROOT / "chapters/glossary.md"), re.M)
    )
    linked = re.findall(r"{term}`(?:[^`<]*<)?([^`<>]+)>?`", text(path))
    strange = set(linked) - entries
    assert not strange, f"write an entry in chapters/glossary.md of {strange}"
    assert linked or path not in CASES, "a case links a {term} of the glossary"


# Where the book lists its cases by hand, for each list says something of its own.
LISTS = {
    ("intro", None): "open it, and put it into `cases`",
    ("comparing-cases", None): "open it, and put its primary outcome into `cases`",
    ("comparing-cases", "PAYS"): "the row that says what would repay the money",
    ("comparing-cases", "TITLES"): "a short title",
    ("reproducibility", "GRADES"): "the design's grade, and why",
    ("evidence", "NAMES"): "a short title",
    ("hubs", "CASES"): "its name; its scores in data/frameworks/scores.csv",
}


# Of every plan, so that one without a chapter is told that it lacks one.
PLANS = sorted(p.parent for p in (ROOT / "data").glob("*/plan.toml"))


@pytest.mark.parametrize(
    "case", [p for p in PLANS if p.name != "plan-template"], ids=lambda p: p.name
)
def test_a_case_stands_in_every_list_of_cases(case):
    lost = []
    if not (ROOT / f"chapters/{case.stem}.md").is_file():
        lost.append(f"chapters/{case.stem}.md: copy that of yozma and change it")
    if f"chapters/{case.stem}" not in text(ROOT / "_toc.yml"):
        lost.append("_toc.yml: its place among the cases")
    if f'"{case.stem}":' not in text(ROOT / "tools/teach/tables.py"):
        lost.append("tools/teach/tables.py, NEEDS: the chapters that it needs")
    for (page, variable), what in LISTS.items():
        body = text(ROOT / f"chapters/{page}.md")
        if variable:
            (body,) = re.findall(rf"^{variable} = {{$(.*?)^}}$", body, re.M | re.S)
        if f'"{case.stem}"' not in body:
            lost.append(f"chapters/{page}.md, {variable or 'hub.Case.open'}: {what}")
    if case.stem not in text(ROOT / "data/evidence/programmes.csv"):
        lost.append("data/evidence/programmes.csv: what it cost, and what was claimed")
    for file in (
        f"tests/data/test_{case.stem.replace('-', '_')}.py",
        f"chapters/quizzes/{case.stem}.toml",
    ):
        if not (ROOT / file).is_file():
            lost.append(f"{file} is missing")
    if f"]({case.stem}.md)" not in text(ROOT / "chapters/teaching.md"):
        lost.append("chapters/teaching.md: the weeks of a course, and its lab if any")
    assert not lost, "\n".join(["", *lost])
