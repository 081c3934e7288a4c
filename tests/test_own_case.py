"""A plan of one's own: a template that runs, and faults named by file and line."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog


@pytest.fixture
def folder(tmp_path):
    """A new case whose two files can be changed."""
    return hub.Case.new(tmp_path / "ours").folder


def change(folder, old: str, new: str, file: str = "plan.toml"):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return hub.Case.from_folder(folder)


@pytest.fixture
def rewritten(folder):
    """Change the table by a function and read the case again."""

    def rewrite(function):
        table = pd.read_csv(folder / "outcomes.csv", dtype={"first_award": "Int64"})
        function(table).to_csv(folder / "outcomes.csv", index=False)
        return hub.Case.from_folder(folder)

    return rewrite


def test_the_template_finds_the_effect_that_was_put_into_it(folder):
    verdict = hub.Case.from_folder(folder).verdict()
    low, high = verdict.interval
    assert low < np.log(1.1) < high
    assert verdict.conclusion == "effect seen"


def test_plain_did_is_fooled_by_the_jury_of_the_template():
    plain = hub.did(hub.Case.open("plan-template").panel()).att
    assert 1.8 < np.expm1(plain) / 0.1 < 2.2


def test_the_figures_of_the_template_are_those_of_the_simulation():
    made = hub.simulate_panel(
        units=60,
        periods=12,
        treated=20,
        start=8,
        effect=np.log(1.1),
        noise=0.05,
        factors=1,
        selection=0.2,
        seed=7,
    )
    # Levels of firms and years are pulled together, so that jobs look like jobs.
    y = made.frame
    y = y.sub(0.8 * y.mean(axis=1), axis=0).sub(0.95 * y.mean(axis=0))
    jobs = (800 * np.exp(y)).round().to_numpy()
    drift = 0.02 * np.tile(np.arange(12), 60)
    prices = np.random.default_rng(8).normal(drift, 0.05).reshape(60, 12)
    table = hub.load("plan-template/outcomes")
    assert np.array_equal(table["jobs"].to_numpy().reshape(60, 12), jobs)
    revenue = table["revenue"].to_numpy().reshape(60, 12)
    assert np.allclose(revenue, jobs * 0.2 * np.exp(prices), atol=0.0051)
    won = table.groupby("applicant")["first_award"].first().notna().to_numpy()
    assert np.array_equal(won, made.starts < 12)


def test_a_new_case_is_the_template_to_the_letter(folder):
    for name in ("plan.toml", "outcomes.csv"):
        original = catalog.path("plan-template") / name
        assert (folder / name).read_bytes() == original.read_bytes()
    assert len(list(folder.iterdir())) == 2


def test_nothing_is_written_over(folder):
    (folder / "outcomes.csv").write_text("mine")
    with pytest.raises(ValueError, match="nothing is written over"):
        hub.Case.new(folder)
    assert (folder / "outcomes.csv").read_text() == "mine"


def test_a_folder_without_a_plan_says_how_to_begin(tmp_path):
    with pytest.raises(ValueError, match=r"no plan at .*hub\.Case\.new"):
        hub.Case.from_folder(tmp_path)


def test_the_plan_as_written_is_that_of_the_folder(folder):
    case = change(folder, "jobs in member firms", "posts in member firms")
    assert "posts in member firms" in case.written()


def test_a_column_of_dates_is_the_mapping_that_it_spells_out(folder):
    case = hub.Case.from_folder(folder)
    panel = case.panel()
    assert set(panel.first_treated.values()) == {2019}
    assert len(panel.treated) == 20
    winners = ", ".join(f'"{unit}" = 2019' for unit in panel.treated)
    spelt = change(folder, '"first_award" ', f"{{ {winners} }} ")
    assert spelt.panel().first_treated == panel.first_treated


def test_zero_and_an_empty_cell_both_mean_never(rewritten):
    case = rewritten(lambda t: t.assign(first_award=t["first_award"].fillna(0)))
    assert len(case.panel().treated) == 20


def test_two_dates_for_one_unit_are_refused(rewritten):
    def twice(table):
        table.loc[3, "first_award"] = 2021
        return table

    with pytest.raises(ValueError, match=r"A01 have more than one .*first_award"):
        rewritten(twice).panel()


def test_a_date_in_words_is_refused(rewritten):
    with pytest.raises(ValueError, match=r"'first_award' must hold the first treated"):
        rewritten(lambda t: t.assign(first_award="soon")).panel()


def test_codes_keep_their_leading_zeros(folder, rewritten):
    change(folder, '"without the largest winner" = { drop = ["A08"] }', "")
    case = rewritten(
        lambda t: t.assign(applicant=t["applicant"].str.replace("A", "00"))
    )
    assert case.panel().units[0] == "0001"


def test_months_are_added_up_to_years(rewritten):
    def monthly(table):
        halves = [
            table.assign(year=table["year"].astype(str) + month, jobs=table["jobs"] / 2)
            for month in ("-01", "-07")
        ]
        return pd.concat(halves)

    whole = hub.Case.open("plan-template").levels("jobs").frame
    halved = rewritten(monthly).levels("jobs").frame
    assert np.allclose(halved, whole)


@pytest.mark.parametrize("wrong", ["FY19", "2019-13", "2019.5", ""])
def test_a_period_that_is_none_is_named_with_its_line(rewritten, wrong):
    def misdated(table):
        table["year"] = table["year"].astype(object)
        table.loc[5, "year"] = wrong
        return table

    with pytest.raises(ValueError, match=r"outcomes\.csv, line 7: 'year' is"):
        rewritten(misdated).panel()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'table = "outcomes"',
            'table = "outcome"',
            r"outcome\.csv is missing.*outcomes",
        ),
        ('unit = "applicant"', 'unit = "aplicant"', r"'aplicant'.*applicant"),
        ('period = "year"', 'period = "yaer"', r"'yaer'.*'year'"),
        ('value = "jobs"', 'value = "jobs_"', r"jobs.*cannot be worked out"),
        ('"revenue / jobs"', '"revenue /"', "cannot be worked out"),
        ('"first_award" ', '"first_awards" ', r"'first_awards'.*first_award"),
        ('"A08"', '"A99"', r"variant 'without the largest winner'.*A99"),
        ("[2014, 2023]", "[2023, 2014]", r"variant 'from 2014 on'"),
        ("[2016]", "[2013]", r"placebo_periods 2013: it leaves fewer than two"),
        ("[2016]", "2016", r"placebo_periods is 2016; write it as \[2016\]"),
        ("[2014, 2023]", "[2014]", "variant 'from 2014 on'"),
        ('= ["did", "event_study"]', '= "did"', r"also is 'did'; write it as"),
        ("cannot_show", "canot_show", r"no key .*'canot_show'.*cannot_show"),
    ],
)
def test_a_plan_that_does_not_fit_the_table_is_refused(folder, old, new, message):
    def carry_out():
        case = change(folder, old, new)
        return [case.battery(outcome).variants for outcome in case.outcomes]

    with pytest.raises(ValueError, match=message):
        carry_out()


def test_a_number_with_separators_is_named_with_its_line(rewritten):
    def separated(table):
        table["jobs"] = table["jobs"].map("{:,}".format)
        return table

    with pytest.raises(ValueError, match=r"line 2: 'jobs' is '1,413'.*separators"):
        rewritten(separated)


def test_a_row_given_twice_is_named_and_not_the_others(rewritten):
    with pytest.raises(
        ValueError, match=r"line 722: 'applicant' is 'A01'.*there before"
    ):
        rewritten(lambda table: pd.concat([table, table.iloc[[3]]]))


def test_a_file_in_another_encoding_says_how_to_save_it(folder):
    table = (folder / "outcomes.csv").read_text().replace("A01", "Møre")
    (folder / "outcomes.csv").write_bytes(table.encode("latin-1"))
    with pytest.raises(ValueError, match=r"outcomes\.csv is not in UTF-8: save it as"):
        hub.Case.from_folder(folder)
    (folder / "outcomes.csv").write_bytes(table.encode("utf-8-sig"))
    assert "Møre" in hub.Case.from_folder(folder).panel().units


def test_a_plan_with_a_byte_order_mark_is_read(folder):
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(plan, encoding="utf-8-sig")
    assert hub.Case.from_folder(folder).primary == "jobs"
    (folder / "plan.toml").write_bytes(plan.replace("Hubs", "Møre").encode("latin-1"))
    with pytest.raises(ValueError, match=r"plan\.toml is not in UTF-8"):
        hub.Case.from_folder(folder)


def test_waves_refuse_estimators_that_cannot_be_dealt_before_computing(rewritten):
    def waves(table):
        table.loc[table["applicant"] == "A01", "first_award"] = 2021
        return table

    with pytest.raises(
        ValueError, match=r"2019 and 2021, and synthetic_did.*group_time_average or"
    ):
        rewritten(waves)


def test_a_plan_without_an_award_yet_says_what_to_do(rewritten):
    with pytest.raises(ValueError, match=r"nobody is treated up to 2023.*pretend"):
        rewritten(lambda t: t.assign(first_award=2026))


def test_a_zero_under_a_log_offers_another_transform(rewritten):
    def zero(table):
        table.loc[7, "jobs"] = 0
        return table

    with pytest.raises(ValueError, match=r"A01.*set transform to asinh or none"):
        rewritten(zero)


def test_a_month_given_twice_is_named(rewritten):
    def monthly(table):
        table = table.assign(year=table["year"].astype(str) + "-03")
        return pd.concat([table, table.iloc[[9]]])

    with pytest.raises(ValueError, match=r"line 722: 'applicant' is 'A01'"):
        rewritten(monthly)


def test_semicolons_are_named(folder):
    text = (folder / "outcomes.csv").read_text().replace(",", ";")
    (folder / "outcomes.csv").write_text(text)
    with pytest.raises(ValueError, match="separated by semicolons"):
        hub.Case.from_folder(folder)


def test_the_card_names_the_dates_that_forbid_a_finding():
    osceola = hub.Case.open("build-back-better").verdict("osceola").table()["answer"]
    assert "2015 gives +46%" in osceola["Pretended dates"]
    assert osceola["Pretended dates"].endswith("so no effect counts as seen")


def test_waves_run_with_the_estimators_that_the_message_names(folder):
    table = pd.read_csv(folder / "outcomes.csv", dtype={"first_award": "Int64"})
    table.loc[table["applicant"] == "A01", "first_award"] = 2021
    table.to_csv(folder / "outcomes.csv", index=False)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('main = "synthetic_did"', 'main = "imputation"')
    text = text.replace('main = "did"  ', 'main = "imputation"  ')
    text = text.replace('["did", "event_study"]', '["group_time_average"]')
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    assert hub.Case.from_folder(folder).verdict().estimate > 0


def test_a_row_without_a_unit_is_named_with_its_line(rewritten):
    def lost(table):
        table.loc[2, "applicant"] = None
        return table

    with pytest.raises(ValueError, match=r"line 4: 'applicant' is .*needs its unit"):
        rewritten(lost).panel()


def test_an_empty_cell_is_named(rewritten):
    def lost(table):
        table["jobs"] = table["jobs"].astype(float)
        table.loc[4, "jobs"] = np.nan
        return table

    with pytest.raises(ValueError, match=r"A01.*2016"):
        rewritten(lost).panel()


@pytest.mark.parametrize(
    ("p_value", "text"), [(0.0001, "0.0001"), (0.0049, "0.0049"), (0.037, "0.04")]
)
def test_a_small_p_value_never_reads_as_zero(p_value, text):
    from hubanalysis.cases.verdict import p_text

    assert p_text(p_value) == text
