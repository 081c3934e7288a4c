"""The parts of a report: each says in words what it shows, then shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import LEVEL, Battery
from hubanalysis.cases.case import Case
from hubanalysis.cases.reserves import reading_of
from hubanalysis.cases.verdict import Verdict
from hubanalysis.inference.power_by_horizon import power_by_horizon
from hubanalysis.show.curve_figure import curve_plot
from hubanalysis.show.figure import Figure
from hubanalysis.show.figures import (
    counterfactual_plot,
    distribution_plot,
    event_plot,
    first_look,
)
from hubanalysis.show.power_figures import horizon_plot
from hubanalysis.show.tables import (
    Table,
    estimates_table,
    in_time_table,
    table,
)
from hubanalysis.words.facts import sentence_case
from hubanalysis.words.numbers import effect_text, number_text, p_text
from hubanalysis.words.refusals import listed

# Lots of each shorter panel, whose detectable effect is told to a figure or two.
DRAWN = 499
HORIZONS = 6
FEW = 6


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Attributes
    ----------
    title : str
    words : list of str
        Paragraphs, what it is before what came out.
    shown : list of Figure or Table
    """

    title: str
    words: list[str]
    shown: list[Figure | Table] = field(default_factory=list)


def sections_of(case: Case, outcome: str) -> Iterator[Section]:
    """Go through everything an outcome's verdict rests on.

    Parameters
    ----------
    case : Case
    outcome : str

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("norwegian-tourism-cluster")
    >>> next(sections_of(case, case.primary)).title
    'A first look'
    """
    battery, verdict = case.battery(outcome), case.verdict(outcome)
    yield _look(battery)
    yield _comparison(battery)
    yield _contest(battery)
    yield _estimates(battery)
    yield _lot(battery, verdict)
    yield _dates(battery)
    yield _left_out(battery)
    yield _samples(battery)
    yield _bounds(battery, verdict)
    yield _power(battery)
    yield _matters(battery, verdict)


def _effect(battery: Battery, value: float) -> str:
    return effect_text(value, battery.plan.transform)


def _name(battery: Battery) -> str:
    return sentence_case(battery.plan.title or battery.outcome)


def _percent(battery: Battery) -> bool:
    return battery.plan.transform == "log"


def as_table(frame: pd.DataFrame, caption: str, first: str, note: str = "") -> Table:
    """Caption a frame; `first` is what its rows are."""
    return table(frame.rename_axis(index=None, columns=first), caption, note)


def _look(battery: Battery) -> Section:
    panel = battery.panel
    when = listed(panel.cohorts)
    words = [
        f"Before any method: {number_text(len(panel.treated))} treated from {when} on, "
        f"beside {number_text(len(panel.donors))} that never were. If the two lines "
        "part long before the start, growth since then says little by itself."
    ]
    if len(panel.cohorts) > 1:
        words = [
            f"{number_text(len(panel.treated))} are treated, from {when} on, beside "
            f"{number_text(len(panel.donors))} that never were. They begin at several "
            "dates, so each is set against those that had not begun."
        ]
        # Drawn as if all had begun with the first of them.
        first = panel.periods[int(panel.starts.min())]
        panel = panel.treat(dict.fromkeys(panel.treated, first))
    last = panel.periods[panel.start - 1]
    unit = f"{_name(battery)}, {'percent' if _percent(battery) else 'difference'}"
    figure = first_look(
        panel,
        percent=_percent(battery),
        title=f"Treated and others, each against its own {last}",
        unit=f"{unit} from {last}; thin lines are single units.",
        alt=f"Lines over time of {_name(battery)}: every untreated unit, the mean of "
        "the treated and of the others.",
        name="look",
    )
    return Section("A first look", words, [figure])


def _comparison(battery: Battery) -> Section:
    estimate, label = battery.main, battery.estimator.label
    words = [
        f"The answer rests on one comparison ({label}): what the treated became, and "
        "what those not treated say they would have become. The gap after the start "
        f"is the estimate, {_effect(battery, estimate.att)} on average."
    ]
    path = getattr(estimate, "path", ())
    if len(battery.panel.cohorts) == 1 and "counterfactual" in path:
        last = battery.panel.periods[battery.panel.start - 1]
        figure = counterfactual_plot(
            estimate,
            observed="treated",
            percent=_percent(battery),
            title="The treated, and what they would have been",
            unit=f"{_name(battery)}"
            f"{f', percent from {last}' if _percent(battery) else ''}; {label}.",
            alt="Two lines over time: the treated as observed, and a dotted line for "
            "what would have been without the programme.",
            name="comparison",
        )
        return Section("What would have been", words, [figure])
    study = battery.study
    if study is None:
        return Section("What would have been", words)
    figure = event_plot(
        study,
        percent=_percent(battery),
        label=f"Gap in {_name(battery)}{', about percent' * _percent(battery)}",
        title="The gap, by periods since the start",
        name="comparison",
    )
    return Section("What would have been", words, [figure])


def _contest(battery: Battery) -> Section:
    title = "Which comparison speaks"
    if not battery.plan.contest:
        others = listed(e.label for e in battery.plan.also) or "no other"
        return Section(
            title,
            [
                f"The plan names {battery.plan.main.label} as the comparison that "
                f"decides, and {others} to be shown beside it. No contest was held, "
                "in which they compete before the start; the plan can ask for one."
            ],
        )
    found = battery.contest
    ranking = found.ranking
    labels = [battery.estimators[name].label for name in ranking.index]
    laid = pd.DataFrame(
        {
            "typical error": [_error(battery, v) for v in ranking["rmse"]],
            "false alarms": [f"{100 * v:.0f}%" for v in ranking["false_alarms"]],
            "redraws won": [f"{100 * v:.0f}%" for v in ranking["wins"]],
        },
        index=labels,
    )
    told = (
        f"{labels[0]} won clearly"
        if found.decisive
        else f"It was close: {listed(labels[: len(found.contenders)])} must agree"
    )
    dates = listed(found.starts[max(found.starts)])
    words = [
        "Before anyone was treated, every comparison was asked for an effect that was "
        f"not there, at {dates}, and the one that erred least decides. {told}."
    ]
    return Section(title, words, [as_table(laid, f"{told}.", "comparison")])


def _error(battery: Battery, value: float) -> str:
    """A root mean square error, which has no sign."""
    if _percent(battery):
        return f"{100 * value:.1f} log points"
    return f"{value:.3g}"


def _estimates(battery: Battery) -> Section:
    words = [
        "Every comparison that the plan names, with the effects that its own test does "
        "not reject. The detectable effect describes the design; it rules nothing out."
    ]
    told = table(estimates_table(battery), "Every comparison of the plan.")
    return Section("Every comparison", words, [told])


def _lot(battery: Battery, verdict: Verdict) -> Section:
    lot, percent = battery.lot, _percent(battery)
    rank, lots = verdict.rank or (0, 0)
    how = "all" if lot.exact else "drawn"
    words = [
        "If the programme had done nothing, it would not matter who was treated. So "
        "treatment is dealt out among all units as it might have fallen, and the same "
        f"comparison made each time: {number_text(lots)} deals ({how}). "
        f"{number_text(rank)} of them lie{'s' * (rank == 1)} at least as far from the "
        f"middle as the real one, in either direction (p = {p_text(rank / lots)}); "
        f"{100 * (verdict.p_gain or 0):.0f} in a hundred gain as much."
    ]
    found = pd.Series(lot.estimates)
    observed, centre = lot.observed, lot.centre
    if percent:
        found = 100 * np.expm1(found)
        observed, centre = (100 * np.expm1(value) for value in (observed, centre))
    figure = distribution_plot(
        found,
        float(observed),
        "estimated effect",
        who="the treated",
        centre=float(centre),
        percent=percent,
        title=f"{number_text(rank)} of {number_text(lots)} deals "
        f"{'is' if rank == 1 else 'are'} as far out",
        unit=f"{number_text(lots)} ways to deal out treatment, by their estimates.",
        alt=f"A histogram of estimates under {number_text(lots)} deals, with a line "
        f"for the real one; {number_text(rank)} lie at least as far from the middle.",
        name="lot",
    )
    return Section("Chance", words, [figure])


def _dates(battery: Battery) -> Section:
    title = "Dates at which nothing began"
    if not len(battery.in_time):
        return Section(
            title,
            [
                "The plan names no earlier date to try. Without one no effect counts "
                "as seen, since nobody knows what the comparison finds in quiet years."
            ],
        )
    false = battery.false_alarms["p_value"] <= LEVEL
    told = (
        "Something is found where nothing began, so no effect counts as seen"
        if false.any()
        else "Nothing is found where nothing began"
    )
    words = [
        "The same comparison pretends that the programme had begun earlier, and ends "
        f"before it really did. {told}."
    ]
    return Section(title, words, [table(in_time_table(battery), f"{told}.")])


def _left_out(battery: Battery) -> Section:
    found = battery.left_out
    parts = [found[found["role"] == role].head(FEW) for role in ("donor", "treated")]
    some = pd.concat(parts)
    laid = pd.DataFrame(
        {
            "role": some["role"],
            "effect without it": [_effect(battery, v) for v in some["att"]],
            "exact p": [p_text(v) if np.isfinite(v) else "–" for v in some["p_value"]],
        }
    )
    low, high = (_effect(battery, end) for end in (found.att.min(), found.att.max()))
    words = [
        "The answer should not hang on one unit. Each is left out in turn: the "
        f"estimate stays between {low} and {high}. Those without which it moves most:"
    ]
    caption = f"Without any one unit the estimate lies between {low} and {high}."
    return Section("Without any one unit", words, [as_table(laid, caption, "left out")])


def _samples(battery: Battery) -> Section:
    title, curve = "Other choices", battery.curve
    known = curve[np.isfinite(curve["att"])]
    low, high = (_effect(battery, v) for v in (known["att"].min(), known["att"].max()))
    gains = int((known["att"] > 0).sum())
    told = f"Over {len(known)} ways to answer: {low} to {high}"
    words = [
        "Reasonable people would have chosen other comparisons, samples, donors and "
        "periods. Here all combinations are made of what the plan names, of all donors "
        "or the half nearest to the treated in level before, and of all periods, fewer "
        f"before or one fewer after: {number_text(len(known))} answers, from {low} to "
        f"{high}, of which {number_text(gains)} are gains. Where the rows of one "
        "choice lie apart, the answer hangs on that choice."
    ]
    failed = curve[~np.isfinite(curve["att"])]
    if len(failed):
        why = listed(failed["refused"].drop_duplicates().tolist(), 3)
        words.append(f"{number_text(len(failed))} more could not be made: {why}")
    drawn = curve.assign(
        estimator=[battery.estimators[name].label for name in curve["estimator"]]
    )
    unit = "percent" if _percent(battery) else "in its units"
    figure = curve_plot(
        drawn,
        ["estimator", "sample", "donors", "window"],
        f"Effect on {_name(battery)}, {unit}",
        percent=_percent(battery),
        title=told,
        unit=f"Each dot is one way to answer, shown once for each choice it makes; "
        f"ringed: the plan's. Effect on {_name(battery)}, {unit}.",
        alt=f"Rows of dots for each choice of comparison, sample, donors and periods; "
        f"the {len(known)} estimates run from {low} to {high}.",
        name="choices",
    )
    shown: list[Figure | Table] = [figure]
    if len(battery.variants) > 1:
        laid = battery.variants.map(lambda v: _effect(battery, v))
        laid.columns = [battery.estimators[name].label for name in laid.columns]
        shown.append(as_table(laid, "The plan's samples, with all periods.", "sample"))
    return Section(title, words, shown)


def _bounds(battery: Battery, verdict: Verdict) -> Section:
    title = "If the paths would have parted anyway"
    bounds, lead = battery.bounds, verdict.lead
    seen = [f"{sentence_case(lead.told(verdict.scale))}."] if lead else []
    if isinstance(bounds, str):
        why = bounds or (
            "The plan has no event study, which says what fits if paths drift on as "
            'they ever did. Add "event_study" to also.'
        )
        return Section(title, [*seen, why])
    names = bounds.columns
    laid = pd.DataFrame(
        {
            "from": [_effect(battery, v) for v in bounds.iloc[:, 1]],
            "to": [_effect(battery, v) for v in bounds.iloc[:, 2]],
        },
        index=["no drift", "as much as ever before"],
    )
    note = str(names.name or "")
    told = verdict.table()["answer"].get("If trends were not parallel", "")
    words = [
        *seen,
        "Every comparison assumes something about paths that nobody sees: that the "
        "treated and the others would have moved alike. What is left without that "
        f"assumption: {told}. The range without drift is not quite the card's: it "
        "rests on standard errors of the gap by period, the card's on deals.",
    ]
    shown = as_table(laid, "Average effects that still fit.", "drift", note)
    return Section(title, words, [shown])


def _power(battery: Battery) -> Section:
    title = "What could have been seen"
    panel = battery.panel
    first = int(panel.starts.min())
    most = len(panel.periods) - first
    chosen = sorted({round(h) for h in np.linspace(1, most, min(most, HORIZONS))})
    found = power_by_horizon(
        panel, battery.estimator, chosen, battery.strata, draws=DRAWN
    )
    words = [
        "How large must an effect have been, to be found four times in five? That is a "
        "fact about the design. Noise adds up over the years, so more years after "
        "the start do not always help.",
    ]
    if not np.isfinite(found["mde"]).any():
        return Section(title, [*words, "No size would have been found."])
    size = _effect(battery, battery.powers[battery.estimator.name].mde)
    figure = horizon_plot(
        found,
        f"Effect on {_name(battery)} found four times in five"
        f"{', percent' if _percent(battery) else ''}, from {DRAWN} deals each",
        percent=_percent(battery),
        title=f"With all periods the one that decides would find {size}",
        alt="A line: the smallest effect that would be found four times in five, by "
        "the number of periods after the start.",
        name="power",
    )
    return Section(title, words, [figure])


def _matters(battery: Battery, verdict: Verdict) -> Section:
    title = "What would matter"
    if not verdict.measured:
        return Section(
            title,
            [
                "The plan names no yardstick: nothing that was promised, nothing that "
                "comparable programmes achieved, nothing that would repay the money. "
                "An interval alone does not say whether an effect is worth having."
            ],
        )
    rows = {}
    for m in verdict.measured:
        worth = m.significance
        exaggerated = np.isfinite(worth.exaggeration)
        rows[m.yardstick.title] = {
            "kind": m.yardstick.kind,
            "size": _effect(battery, m.effect),
            "these figures": reading_of(verdict, m),
            "found": f"{100 * worth.chance:.0f} in 100",
            "then exaggerated": f"{worth.exaggeration:.1f} times" * bool(exaggerated),
            "wrong sign": f"{100 * worth.wrong_sign:.0f} in 100" * bool(exaggerated),
        }
    laid = pd.DataFrame.from_dict(rows, orient="index")
    words = [
        "An answer is set beside effects that somebody has reason to care about. For "
        "each: what the figures say; how often it would be found if it were true; and "
        "what a significant estimate would then be worth.",
        *(
            f"{sentence_case(m.yardstick.title)}: "
            f"{m.yardstick.source}"
            f"{'; ' + m.yardstick.reason if m.yardstick.reason else ''}."
            for m in verdict.measured
        ),
    ]
    caption = "Effects that would matter, beside these figures."
    return Section(title, words, [as_table(laid, caption, "effect")])
