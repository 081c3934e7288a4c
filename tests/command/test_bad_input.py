"""A hundred and more wrong, odd and foreign tables and plans, each by its name.

Whatever is given: a sentence or a result, and never a row that is dropped or altered
without a word. What a file, a column or a plan is refused for by itself is in
tests/cases: test_own_file.py, test_own_columns.py, test_plan_file.py.
"""

import re
import unicodedata
from statistics import mean

import pytest

from hubanalysis.cases.case import Case
from hubanalysis.cases.draft import draft
from hubanalysis.cases.own_file import read_file
from tests.cases.ours import own_words
from tests.command.own import PLACES, YEARS, changed, one, rows, say, text, written

# What the command is told beside the file.
FIRST = ("--treated", "first")
YEAR = (*FIRST, "--period", "year")
JOBS = (*FIRST, "--outcome", "jobs")


def figures(path, **more):
    """Figures by place and year, as they were understood."""
    found = draft(read_file(path), outcome="jobs", treated="first", **more)
    read = found.table.require()
    return {
        (row[found.unit], row[found.period]): (row["jobs"], row["first"] == 2017)
        for _, row in read.iterrows()
    }


def clean():
    return {(p, int(y)): (float(j), f == "2017") for p, y, f, j in rows()[1:]}


def each(column, write):
    """The file with a column written otherwise."""
    at = rows()[0].index(column)
    return text(changed(lambda r: [*r[:at], write(r[at]), *r[at + 1 :]]))


def jobs(style, sign=","):
    """The file with its figures in another style."""
    return text(changed(lambda r: [*r[:3], style(float(r[3]))]), sign)


def cell(column, written, line=5):
    """The file with one cell written otherwise."""
    return text(one(line, column, written))


def continental(value):
    return f"{value:,.1f}".translate(str.maketrans(",.", ".,"))


def wide(name="{}"):
    """A column for each year, in the order of the first table."""
    body = rows()[1:]
    made = [["place", "first", *(name.format(year) for year in YEARS)]]
    for place in PLACES:
        own = [row for row in body if row[0] == place]
        made.append([place, own[0][2], *(row[3] for row in own)])
    return made


def switch(yes, no):
    """The file with the state of each row in the place of the first treated year."""
    return text(
        changed(lambda r: [*r[:2], yes if r[2] and int(r[1]) >= 2017 else no, r[3]])
    )


FULL = str.maketrans("0123456789", "０１２３４５６７８９")
READ = {
    "decimal commas": jobs(lambda v: str(v).replace(".", ","), ";"),
    "thousands with commas": jobs("{:,.1f}".format),
    "points between thousands, decimal commas": jobs(continental, ";"),
    "spaces between thousands": jobs(lambda v: f"{v:,.1f}".replace(",", " ")),
    "narrow spaces": jobs(lambda v: f"{v:,.1f}".replace(",", "\u202f")),
    "Swiss marks": jobs(lambda v: f"{v:,.1f}".replace(",", "’")),
    "powers of ten": jobs(lambda v: f"{v / 1000:.4f}e3"),
    "everything quoted": "\n".join(
        f'"{line}"' for line in text().replace(",", '","').splitlines()
    ),
    "a separator at the end of rows": text().replace("\n", ",\n"),
    "rows numbered by pandas": text(
        [["", *rows()[0]]] + [[str(i), *row] for i, row in enumerate(rows()[1:])]
    ),
    "rows in another order": text([rows()[0], *rows()[:0:-1]]),
    "columns in another order": text([row[::-1] for row in rows()]),
    "accents in two pieces": unicodedata.normalize("NFD", text()),
    "years as floats": each("year", "{}.0".format),
    "the last day of years": each("year", "31/12/{}".format),
    "the American last day": each("year", "12/31/{}".format),
    "ISO dates": each("year", "{}-12-31".format),
    "dates with times": each("year", "{}-12-31 00:00:00".format),
    "school years": each("year", lambda year: f"{year}/{(int(year) + 1) % 100}"),
    "a switch of 0 and 1": switch("1", "0"),
    "a switch of true and false": switch("True", "False"),
    "a switch of yes and no": switch("Yes", "no"),
    "never in words": each("first", lambda first: first or "never"),
    "never as a dash": each("first", lambda first: first or "-"),
    "never as 0": each("first", lambda first: first or "0"),
    "treated from a date": each("first", lambda first: first and f"01.03.{first}"),
    "a column for each year": text(wide()),
    "a column for each year, as the World Bank's": text(wide("{0} [YR{0}]")),
    "a column for each year, as in Stata": text(wide("y{}")),
    "a column for each year of the outcome": text(wide("jobs{}")),
    "a column for each year, after a line below": text(wide("jobs_{}")),
    "a line that tells a spreadsheet the separator": "sep=;\n" + text(sign=";"),
    "signs before numbers": jobs("+{}".format),
    "digits of full width": jobs(lambda v: str(v).translate(FULL)),
    "dates with a time zone": each("year", "{}-12-31T00:00:00+01:00".format),
    "a switch of oui and non": switch("oui", "non"),
    "a switch of ja and nein": switch("Ja", "Nein"),
    "never as n/a": each("first", lambda first: first or "n/a"),
    "hard spaces after names": each("place", "{}\u00a0".format),
}


@pytest.mark.parametrize("name", READ)
def test_is_read_as_the_same_figures(name, tmp_path):
    path = written(tmp_path, READ[name])
    assert figures(path) == clean()
    told = say("check", path, "--outcome", "jobs", *FIRST, code=0)
    assert "8 units in 8 periods" in told
    assert "2 treated, from 2017 on" in told


# What is given, what is said, and more words of the command.
REFUSED = {
    "a title above the names": ("Jobs by place\n" + text(), "take titles above", ()),
    "a short row": (text() + "Oslo,2020\n", "line 66: there are 2 cells", FIRST),
    "a long row": (text() + "Oslo,2020,,1,2,3\n", "there are 6 cells", FIRST),
    "a quotation left open": (text() + '"Oslo,2020,,1\n', "line 66", FIRST),
    "a number with its unit": (cell("jobs", "12 jobs"), "line 5: 'jobs'", FIRST),
    "an error of a spreadsheet": (cell("jobs", "#DIV/0!"), "#DIV/0!", FIRST),
    "two ways to write decimals": (
        text(one(3, "jobs", "1,234.5", one(2, "jobs", "1.234,5"))), "line", FIRST,
    ),
    "a row without a place": (cell("place", ""), "needs its unit", FIRST),
    "years and months": (cell("year", "2015-03"), "2015-03", YEAR),
    "a year of five digits": (cell("year", "20119"), "20119", YEAR),
    "a row given twice with a space": (
        text([*rows(), ["Ålesund ", *rows()[3][1:]]]), "line 66", FIRST,
    ),
    "a row that is missing": (
        text([*rows()[:20], *rows()[21:]]), "no row for Drammen in 2015", FIRST,
    ),
    "a place whose name is misspelt once": (
        cell("place", "Alesund"), "no row for Alesund", FIRST,
    ),
    "a figure that is missing": (cell("jobs", ""), "line 5, column 'jobs'", FIRST),
    "everybody treated at once": (
        each("first", lambda _: "2017"), "no donor is left", FIRST,
    ),
    "treated from the first year": (
        each("first", lambda first: first and "2012"),
        "nothing before|no period before",
        FIRST,
    ),
    "nothing ever changes": (
        jobs(lambda _: "5"), "the same of a unit in all its rows", JOBS,
    ),
    "one year only": (text([rows()[0], *rows()[1::8]]), "period", FIRST),
    "one place only": (text(rows()[:9]), "unit|donor", (*FIRST, "--unit", "place")),
    "a column that is not there": (
        text(), "Did you mean 'first'", ("--treated", "fist"),
    ),
    "a place that is not there": (
        text(), "Did you mean 'Bergen'", ("--treated", "Bergn=2017"),
    ),
    "a place and a column": (
        text(), "no place with its year", (*FIRST, "--treated", "Oslo=2017"),
    ),
    "one column for two things": (
        text(), "three different columns", (*YEAR, "--unit", "year"),
    ),
    "treatment as the outcome": (text(), "at once", (*FIRST, "--outcome", "first")),
    "a web page": ("<html><table></table></html>", "holds a web page", ()),
    "JSON": ('[{"place": "A", "year": 2012}]', "holds JSON", ()),
    "UTF-16 without a mark": (text().encode("utf-16-le"), "no text table", ()),
    "names apart by spaces": (text().replace(",", " "), "no column 'first'", FIRST),
    "a remark above the names": ("# made by R\n" + text(), "take titles above", ()),
    "units of measure below the names": (
        text([rows()[0], ["name", "year", "year", "thousands"], *rows()[1:]]),
        "line 2: 'jobs' is 'thousands'",
        JOBS,
    ),
    "another separator in one row": (
        text().replace("Oslo,2013,,", "Oslo;2013;;"),
        "line 51: there are 1 cells",
        FIRST,
    ),
    "figures of accountants": (cell("jobs", "(1413)"), "'\\(1413\\)'", FIRST),
    "a minus behind": (cell("jobs", "1413-"), "'1413-'", FIRST),
    "about so many": (cell("jobs", "~1400"), "'~1400'", FIRST),
    "fewer than so many": (cell("jobs", "<5"), "'<5'", FIRST),
    "a footnote": (cell("jobs", "1413*"), "'1413\\*'", FIRST),
    "a provisional figure": (cell("jobs", "1413 p"), "'1413 p'", FIRST),
    "an apostrophe before numbers": (
        each("jobs", "'{}".format), "and 58 more", JOBS,
    ),
    "the thirtieth of February": (
        each("year", "{}-02-30".format), "2012-02-30", (*JOBS, "--period", "year"),
    ),
    "the year nought": (cell("year", "0"), "line 5: 'year' is '0'", YEAR),
    "years of two digits": (
        each("year", lambda year: year[2:]), "Periods are years \\(2019\\)", FIRST,
    ),
    "days counted by a spreadsheet": (
        each("year", lambda year: str(365 * int(year) - 693000)),
        "Periods are years",
        FIRST,
    ),
    "months in words": (each("year", "Jan {}".format), "Periods are years", FIRST),
    "weeks": (
        each("year", lambda year: f"2012-W{int(year) - 2005:02d}"),
        "Periods are years",
        FIRST,
    ),
    "truths as the outcome": (
        each("jobs", lambda _: "true"), "'jobs' is 'true'", JOBS,
    ),
    "a dose of treatment": (switch("0.5", "0"), "'0.5'", JOBS),
    "treated and control": (
        switch("treated", "control"), "'control', 'treated'", JOBS,
    ),
    "a switch that turns for all": (
        text(changed(lambda r: [r[0], r[1], str(int(int(r[1]) > 2016)), r[3]])),
        "no donor is left",
        JOBS,
    ),
    "years from and to": (
        each("first", lambda first: first and "2017-2019"), "2017-2019", FIRST,
    ),
    "never as 9999": (
        each("first", lambda first: first or "9999"),
        "lines 18 to 65: 'first' is '9999'",
        FIRST,
    ),
    "one place with two years": (
        text(),
        "names 'Oslo' with two years",
        ("--treated", "Oslo=2016", "--treated", "Oslo=2017", "--outcome", "jobs"),
    ),
    "two columns for one year": (
        text(wide()).replace("2019", "2018", 1), "more than one column '2018'", JOBS,
    ),
    "one column as unit and outcome": (
        text(), "not jobs, jobs", (*JOBS, "--unit", "jobs"),
    ),
    "an invisible letter": (
        cell("place", "Ålesund\u200b", 9), "no row for Ålesund in 2019", FIRST,
    ),
    "no year anywhere": ("place,jobs\nA,1.5\nB,2.5\n", "looks like the period", ()),
    "no place anywhere": ("year,jobs\n2012,1.5\n2013,2.5\n", "looks like the unit", ()),
    "years in columns and figures too": (
        text([[*row, "1"] for row in wide()]).replace("2019,1", "2019,jobs", 1),
        "another name",
        JOBS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_in_a_sentence(name, tmp_path):
    content, says, words = REFUSED[name]
    path = written(tmp_path, content)
    told = say("check", path, *words, code=1)

    assert re.search(says, told, re.S), told
    assert list(tmp_path.iterdir()) == [path]


def whole(of):
    """Rows of a place that is no place: something of all in each year."""
    made = []
    for year in map(str, YEARS):
        figures = [float(row[3]) for row in rows()[1:] if row[1] == year]
        made.append(["Everywhere", year, "", f"{of(figures):.1f}"])
    return made


# What is read, but should be looked at.
ODD = {
    "a winner of 2105": (
        each("first", lambda first: first and "2105"), "figures end in 2019",
    ),
    "a year of 2105": (cell("year", "2105", 9), "far from 2012 to 2019"),
    "-999": (cell("jobs", "-999", 9), "line 9: 'jobs' is '-999'.*unknown"),
    "9999999": (cell("jobs", "9999999", 9), "9999999|1e\\+07"),
    "a thousandfold slip": (
        cell("jobs", "1413000", 9), "line 9.*Hundreds of times",
    ),
    "a point between thousands": (cell("jobs", "1.413", 9), "line 9.*Hundreds"),
    "capitals": (cell("place", "ålesund", 9), "Nearly 'Ålesund'"),
    "accents": (cell("place", "Alesund", 9), "Nearly 'Ålesund'"),
    "a space within": (cell("place", "Åle sund", 9), "Nearly 'Ålesund'"),
    "a Cyrillic letter": (cell("place", "Оslo", 9), "two alphabets"),
    "an invisible letter": (
        cell("place", "Ålesund\u200b", 9), "there is no row for Ålesund",
    ),
    "letters coded twice": (
        text().encode().decode("latin-1"), "letters look garbled",
    ),
    "a year that nobody has": (
        text([row for row in rows() if row[1] != "2014"]), "no row at all is of 2014",
    ),
    "the mean of all": (text([*rows(), *whole(mean)]), "the mean of all others"),
    "a figure of zero": (cell("jobs", "0", 9), "'jobs' is '0'. Its unit has about"),
    "a figure of minus nine": (cell("jobs", "-9", 9), "Unknown\\?"),
    "a figure a hundred times too large": (
        cell("jobs", "123456.0", 9), "Another unit, or a slip",
    ),
    "a figure ten times too large": (
        cell("jobs", "14130.0", 9), "line 9.*About 10 times what stands beside it",
    ),
    "a code that lost its zero": (
        each("place", lambda place: str(9001 + 4001 * PLACES.index(place))),
        "was a zero in front lost",
    ),
}  # fmt: skip


WITH_A_TOTAL = {
    "the sum of all": ([*rows(), *whole(sum)], "lines 66 to 73.*the sum of all others"),
    "a total of one year": (
        [*rows(), ["Total", "31/12/2019", "", "9999.0"]],
        "line 66: 'place' is 'Total'. A total is no place: delete this line",
    ),
    "a total of no year": ([*rows(), ["Total", "", "", "9999.0"]], "line 66: 'place'"),
    "a total in a short line": ([*rows(), ["Total", "9999.0"]], "line 66: 'place'"),
}


@pytest.mark.parametrize("name", WITH_A_TOTAL)
def test_a_total_stops_check_and_new_and_is_their_only_fault(name, tmp_path):
    table, says = WITH_A_TOTAL[name]
    path = written(tmp_path, text(table))
    told = say("check", path, *JOBS, code=1)
    assert re.search(says, told, re.S), told
    assert "1 fault," in told
    folder = tmp_path / "ours"
    refused = say("new", folder, "--from", path, *JOBS, code=1)
    assert re.search(says, refused, re.S), refused
    assert not folder.exists()


def test_holes_are_told_beside_a_total(tmp_path):
    table = [*rows()[:-1], ["Total", "2019", "", "9999.0"]]
    told = say("check", written(tmp_path, text(table)), *JOBS, code=1)
    assert "2 faults" in told
    assert "no row for Tromsø in 2019" in told


def test_a_total_that_a_plan_leaves_out_stays_in_its_folder(tmp_path):
    folder = Case.new(tmp_path / "ours", written(tmp_path, text()), treated="first",
                      outcome="jobs").folder  # fmt: skip
    (folder / "outcomes.csv").write_text(text([*rows(), *whole(sum)]), "utf8")
    assert "the sum of all others" in say("check", folder, code=1)
    plan = folder / "plan.toml"
    left = 'leave_out_units = { "Everywhere" = "the sum" }\nmain ='
    plan.write_text(plan.read_text("utf8").replace("main =", left, 1), "utf8")
    assert "No fault was found" in say("check", folder, code=0)


@pytest.mark.parametrize("name", ODD)
def test_is_pointed_out(name, tmp_path):
    content, says = ODD[name]
    path = written(tmp_path, content)
    told = say("check", path, *FIRST, "--unit", "place", "--outcome", "jobs")
    assert re.search(says, told, re.S), told


def test_a_period_that_cannot_be_read_leads_to_no_other_remark(tmp_path):
    path = written(tmp_path, text(one(5, "year", "FY15")))
    told = say("check", path, *FIRST, "--period", "year", "--outcome", "jobs", code=1)
    assert "'FY15'" in told
    assert "Look at" not in told


def test_holes_and_odd_figures_are_told_beside_other_faults(tmp_path):
    table = one(5, "jobs", "(D)", one(9, "jobs", "", one(12, "jobs", "-999")))
    del table[29]
    told = say("check", written(tmp_path, text(table)), *FIRST, "--outcome", "jobs",
               code=1)  # fmt: skip
    assert "3 faults" in told
    assert "line 5: 'jobs' is '(D)'" in told
    assert "line 9, column 'jobs': Nothing is known" in told
    assert "no row for Førde in 2016" in told
    assert "line 12: 'jobs' is '-999'" in told


def test_all_faults_of_a_table_are_told_at_once(tmp_path):
    table = one(5, "jobs", "(D)", one(9, "year", "FY19", one(12, "place", "")))
    told = say("check", written(tmp_path, text(table)), *FIRST, "--period", "year",
               "--outcome", "jobs", code=1)  # fmt: skip
    assert "3 faults" in told
    for line in (5, 9, 12):
        assert f"line {line}:" in told


DID, VALUE = 'main = "did"', 'value = "jobs"'
# A line of the plan of the folder below, what is put in its place, and what is said.
PLANS = {
    "a pretended date after the start": (
        "placebo_periods = [", "placebo_periods = [2018, ", "2018",
    ),
    "an aggregate misspelt": (DID, f'{DID}\naggregate = "summ"', "sum"),
    "itself taken off itself": (DID, f'{DID}\nminus = "jobs"', "minus"),
    "strata that are missing": (
        DID, f'{DID}\nstrata = {{ table = "outcomes", column = "size" }}', "size",
    ),
    "a school year of years": (DID, f"{DID}\nyear_starts = 8", "year"),
    "a window without periods": (
        DID, f"{DID}\nwindow = [1900, 1910]", "1900|window|no rows|period",
    ),
    "percent for a share": ("value = 0.1", "value = 10", "write 0.1 for 10 percent"),
    "a loss of more than all": ("value = 0.1", "value = -1.5", "-150 percent"),
    "an effect of nothing": ("value = 0.1", "value = 0", "other than zero"),
    "no number": ("value = 0.1", "value = nan", "other than zero"),
    "an effect without end": ("value = 0.1", "value = inf", "other than zero"),
    "an end before the beginning": (
        "question =",
        "policy_date = 2017-01-01\nend_date = 2016-01-01\nquestion =",
        "lies before policy_date",
    ),
    "names as the outcome": (VALUE, 'value = "place"', "not a number"),
    "a formula that runs something": (
        VALUE, 'value = "jobs.map(lambda x: 1)"', "worked out",
    ),
    "a formula that imports something": (
        VALUE, "value = \"@__import__('os').getcwd()\"", "worked out",
    ),
    "a rule that is no rule": (
        DID,
        f'{DID}\nonly_units = {{ table = "outcomes", query = "jobs" }}',
        "true or false of each row",
    ),
    "a rule that keeps nobody": (
        DID,
        f'{DID}\nonly_units = {{ table = "outcomes", query = "jobs > 1e9" }}',
        "keeps no unit",
    ),
    "a period left out that is not there": (
        DID,
        f'{DID}\nleave_out_periods = {{ 1999 = "a strike" }}',
        "no period to leave out 1999",
    ),
    "weights that are names": (DID, f'{DID}\nweights = "place"', "column of numbers"),
    "weights that are missing": (DID, f'{DID}\nweights = "people"', "'people'"),
    "weights that are the outcome": (
        DID, f'{DID}\nweights = "jobs"', "more than one weight",
    ),
    "yes for true": (DID, f'{DID}\nbalanced = "yes"', "balanced is"),
    "a number for text": (DID, "main = 5", "main is 5"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    path = written(tmp_path, text())
    made = tmp_path / "ours"
    say("new", made, "--from", path, *FIRST, "--outcome", "jobs", code=0)
    plan = made / "plan.toml"
    told = own_words(plan.read_text("utf8"))
    told = told.replace('main = "synthetic_did"', 'main = "did"')
    plan.write_text(told.replace('also = ["did", "event_study"]', "also = []"), "utf8")
    return made


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_with_this_is_refused_in_a_sentence(name, folder):
    old, new, says = PLANS[name]
    plan = folder / "plan.toml"
    told = plan.read_text("utf8")
    assert old in told
    plan.write_text(told.replace(old, new), "utf8")
    before = sorted(folder.iterdir())
    for command in ("check", "run", "report"):
        words = ("-o", folder / "r.html") if command == "report" else ()
        said = say(command, folder, *words, code=1)
        assert re.search(says, said, re.S), said
    assert sorted(folder.iterdir()) == before


def test_sentences_to_be_replaced_allow_no_verdict(tmp_path):
    made = tmp_path / "ours"
    say("new", made, code=0)
    for command in ("run", "report", "file"):
        assert "still the template's" in say(command, made, code=1)
    assert "write your own sentences" in say("check", made, code=0)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("r.txt", "name it report.html"),
        ("no/r.html", "no folder"),
        ("d.html", "written"),
    ],
)
def test_a_report_that_cannot_be_written_says_so(folder, name, says, few_draws):
    (folder / "d.html").mkdir()
    said = say("report", folder, "-o", folder / name, "--no-notebook-run", code=1)
    assert says in said


def test_two_files_of_one_table_are_refused(folder):
    """Whoever puts a workbook beside the copy that `new` made would run the copy."""
    (folder / "outcomes.xlsx").write_bytes(b"PK")
    told = say("run", folder, code=1)
    assert "outcomes.csv, outcomes.xlsx" in told
    assert "Take the others out" in told


@pytest.mark.parametrize("name", ["plan.toml", "outcomes.csv"])
def test_a_folder_in_place_of_a_file_is_refused(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    assert re.search("cannot be read|is missing", say("run", folder, code=1))


def test_a_policy_years_off_its_first_treated_period_is_pointed_out(folder):
    plan = folder / "plan.toml"
    plan.write_text("policy_date = 1917-01-01\n" + plan.read_text("utf8"), "utf8")
    assert "policy_date is 1917-01-01" in say("check", folder, code=0)


@pytest.mark.parametrize(
    "content",
    ["[1]", "{}", "no JSON", '[{"time": 1}]',
     '[{"time": 1, "plan": 2, "history": 3, "assigned": 4, "first": 5, "last": 6}]'],
)  # fmt: skip
def test_a_garbled_filing_is_refused(folder, content):
    (folder / "filed.json").write_text(content)
    assert "filed.json is not as" in say("run", folder, code=1)


def test_a_case_of_a_table_in_memory_tells_all_faults_too():
    table = one(5, "jobs", "(D)", one(9, "year", "FY19"))
    columns = {name: [row[i] for row in table[1:]] for i, name in enumerate(table[0])}
    with pytest.raises(ValueError, match=r"2 faults"):
        Case.from_table(columns, period="year", outcome="jobs", treated="first")
