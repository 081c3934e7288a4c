"""A plan as a type: every key with its default and a line that explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np

from hubanalysis.estimators import ESTIMATORS
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator, estimator
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import check_name

TRANSFORMS = {"log": np.log, "asinh": np.arcsinh, "none": None}


def _key(
    about: str, example: str, default: Any = MISSING, *, needed: bool = False
) -> Any:
    """Declare a key: what it says, an example in TOML, its default."""
    metadata = {"about": about, "example": example, "needed": needed}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class UnitRule:
    """Units picked by a rule on another table."""

    table: str = _key("Table of the case.", '"city_size"')
    query: str = _key(
        "Which of its rows, as `pandas.DataFrame.query`.", '"size_rank <= 70"'
    )


@dataclass(frozen=True)
class Strata:
    """Groups of units within which treatment is dealt out."""

    table: str = _key("Table of the case, with a row per unit.", '"city_size"')
    column: str = _key("Its column that names the group.", '"size_class"')


@dataclass(frozen=True)
class Variant:
    """Another sample, on which the answer should not hang."""

    drop: tuple[str, ...] | None = _key("Units left out.", '["Rogaland"]', None)
    keep: tuple[str, ...] | None = _key("The only units kept.", '["A01", "A02"]', None)
    window: tuple[int, int] | None = _key(
        "First and last period, both kept.", "[2000, 2014]", None
    )

    def of(self, panel: Panel) -> Panel:
        """Apply the change to a panel."""
        if self.drop is not None:
            panel = panel.drop(self.drop)
        if self.keep is not None:
            panel = panel.keep(self.keep)
        if self.window is not None:
            panel = panel.window(*self.window)
        return panel


@dataclass(frozen=True)
class Rival:
    """Something else that happened, and which way it pulls the answer."""

    what: str = _key("What happened.", '"the fall of the oil price in 2014"')
    bias: str = _key("Which way it pulls.", '"lowers western nights"')


@dataclass(frozen=True)
class Yardstick:
    """An effect that would matter, beside which the answer is set."""

    kind: Literal["promised", "claimed", "comparable", "break-even"] = _key(
        "What was promised, what the programme is said to have done, what comparable "
        "programmes are credited with, or what would pay for itself.",
        '"break-even"',
    )
    value: float = _key(
        "The effect: a share where the outcome is in logs (0.11 is 11 percent), in the "
        "outcome's units otherwise.",
        "0.11",
    )
    title: str = _key("What it is, for a reader.", '"gain that repays the cluster"')
    source: str = _key("Its arithmetic, or who says so.", '"13m a year over 2.9bn"')
    reason: str = _key(
        "Why this answer may be set beside it, or with what reserve.",
        '"a large package in one province"',
        "",
    )
    unlike: str = _key(
        "In what it is of another kind than the outcome. It is then set beside the "
        "answer and decides no verdict.",
        '"foreign arrivals, not all nights"',
        "",
    )
    by: int | None = _key(
        "The period for which it is promised. Where more than one is averaged it is "
        "set beside their mean and decides no verdict: a mean says little about the "
        "last. An outcome with the others in leave_out_periods is judged by it.",
        "2023",
        None,
    )
    outcome: str = _key(
        "Which outcome, the primary one by default. It speaks for others as well that "
        "differ in the units compared alone.",
        '"jobs"',
        "",
    )


@dataclass(frozen=True)
class Amendment:
    """A change of the plan after it was filed."""

    day: date = _key("When.", "2026-11-24")
    what: str = _key("What changed.", '"three yardsticks were added"')
    why: str = _key("Why.", '"a verdict needs something to be set beside"')
    results_seen: bool = _key("Whether results had been seen by then.", "true")
    filed: Literal["before its results", "with its results", "after its results"] | (
        None
    ) = _key(
        "Whether it came into the record before what it asked for was run, together "
        "with it, or when that was known already.",
        '"before its results"',
        None,
    )


@dataclass(frozen=True)
class Counted:
    """What was counted, and when, where a question is refused."""

    what: str = _key("What was counted.", '"hotel nights by county"')
    since: date = _key("From when on.", "1986-01-01")
    until: date | None = _key(
        "Until when; left out where it goes on.", "2018-06-30", None
    )


@dataclass(frozen=True)
class Refused:
    """A question that these figures cannot answer."""

    question: str = _key("The question.", '"Did closing the cluster move nights?"')
    because: tuple[str, ...] = _key("Why not.", '["no figures after July 2018"]')
    counted: tuple[Counted, ...] = _key(
        "What was counted when, in order, where that is the reason.",
        '[{ what = "nights", since = 1986-01-01, until = 2018-06-30 }]',
        (),
    )
    events: dict[str, date] = _key(
        "What happened when, beside it.", "{ pandemic = 2020-03-12 }", {}
    )


@dataclass(frozen=True)
class Fact:
    """A number that the text needs and no table holds."""

    value: float = _key("The number.", "13e6")
    unit: str = _key("Its unit.", '"NOK a year"')
    title: str = _key("What it measures.", '"Public money for the cluster"')
    source: str = _key("Who says so.", '"announcement of 13 May 2021"')


@dataclass(frozen=True)
class OutcomePlan:
    """What is done with one outcome.

    Attributes
    ----------
    main : Estimator
        Decides. ``also`` are shown beside it. A name of `ESTIMATORS` or a function of
        your own may be given for either. All other keys are explained by `plan_keys`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> plan = hub.OutcomePlan(main="did", also=["event_study"], title="jobs")
    >>> [known.name for known in plan.estimators]
    ['did', 'event_study']
    """

    main: Estimator = _key(
        "The estimator that decides, by its name.", '"synthetic_did"', needed=True
    )
    also: tuple[Estimator, ...] = _key(
        "Estimators that are shown beside it.", '["did", "event_study"]', ()
    )
    contest: bool = _key(
        "Whether the one of all these decides that did best before anyone was treated, "
        "in place of `main`.",
        "true",
        False,
    )
    role: Literal["primary", "secondary", "contrast", "audit", "design test"] = _key(
        "What the outcome is for. One is primary: it decides. A contrast should not "
        "move, a design test asks where nothing happened, an audit shows a flaw.",
        '"primary"',
        "primary",
        needed=True,
    )
    title: str = _key("Its name for a reader.", '"jobs in member firms"', "")
    table: str = _key(
        "The table that holds it: a row per unit and period.",
        '"outcomes"',
        "",
        needed=True,
    )
    where: dict[str, Any] = _key(
        "Which rows: columns with the value, or the values, wanted.",
        '{ purpose = "total" }',
        {},
    )
    spread: str | None = _key(
        "For a table with a row per series: the column that names them. Each series "
        "becomes a column that `value` may use.",
        '"product"',
        None,
    )
    unit: str = _key("Column that names the unit.", '"county"', "", needed=True)
    period: str = _key(
        "Column of years, or of months that are added up to years.",
        '"year"',
        "",
        needed=True,
    )
    year_starts: int | None = _key(
        "For months: the first month of a year that is not the calendar's.", "8", None
    )
    value: str = _key(
        "The outcome: a column, or a formula of columns.",
        '"revenue / jobs"',
        "",
        needed=True,
    )
    balanced: bool = _key(
        "Whether every unit needs a figure in every period. With false, missing ones "
        "stay holes, which did, event_study, imputation and group_time_average take; "
        "others are refused by name. Why a figure is missing must have nothing to do "
        "with treatment.",
        "false",
        True,
    )
    weights: str | None = _key(
        "Column of what each unit counts by, such as its people before the start: the "
        "same in all its rows. The same four estimators take it.",
        '"people_2010"',
        None,
    )
    share_of: str | None = _key(
        "A column or formula; the outcome is the sum of `value` over the sum of this.",
        '"guest_nights"',
        None,
    )
    aggregate: Literal["sum", "mean"] = _key(
        "How a unit's rows of a year become one number.", '"mean"', "sum"
    )
    transform: Literal["log", "asinh", "none"] = _key(
        "Scale of the outcome: log for effects in percent, asinh where there are "
        "zeros, none for units as they are.",
        '"log"',
        "none",
    )
    minus: str | None = _key(
        "Another outcome of the plan, taken off this one after its own transformation: "
        "a triple difference.",
        '"other_manufactures"',
        None,
    )
    window: tuple[int, int] | None = _key(
        "First and last period, both kept; all by default.", "[2010, 2020]", None
    )
    leave_out_periods: dict[int, str] = _key(
        "Periods left out, each with its reason. Event time counts those that are "
        "left; a bound on drift counts the longer step.",
        '{ 2009 = "status was given in June" }',
        {},
    )
    first_treated: dict[str, int] | str = _key(
        "First treated period by unit; or the column that holds it, empty where a unit "
        "is never treated.",
        '{ "Rogaland" = 2010 }',
        {},
        needed=True,
    )
    leave_out_units: dict[str, str] = _key(
        "Units left out, each with its reason.",
        '{ "Svalbard" = "not a mainland county" }',
        {},
    )
    only_units: UnitRule | None = _key(
        "The only units kept, by a rule on another table.",
        '{ table = "city_size", query = "size_rank <= 70" }',
        None,
    )
    strata: Strata | None = _key(
        "Groups within which treatment could have fallen otherwise; {} for none.",
        '{ table = "city_size", column = "size_class" }',
        None,
    )
    placebo_periods: tuple[int, ...] = _key(
        "Dates at which treatment is pretended to begin. Nothing should be found.",
        "[2016]",
        (),
    )
    design_tests: tuple[str, ...] = _key(
        "Outcomes whose role is design test and that test this one: what they find "
        "counts as found at a pretended date.",
        '["jobs_of_2016"]',
        (),
    )
    variants: dict[str, Variant] = _key(
        "Other samples on which the answer should not hang, by name.",
        '{ "without Rogaland" = { drop = ["Rogaland"] } }',
        {},
    )

    def __post_init__(self) -> None:
        """Take names and functions for estimators."""
        object.__setattr__(self, "main", _known(self.main))
        object.__setattr__(self, "also", tuple(_known(e) for e in self.also))

    @property
    def measure(self) -> tuple:
        """What is measured, and of whom: all that a yardstick's value hangs on."""
        keys = (
            "table spread value share_of weights aggregate transform minus window "
            "period"
        )
        where = {k: v for k, v in self.where.items() if k != self.unit}
        more = self.year_starts, self.leave_out_periods, self.first_treated, where
        return *(getattr(self, key) for key in keys.split()), *more

    @property
    def estimators(self) -> tuple[Estimator, ...]:
        """The main estimator, then those beside it."""
        return (self.main, *self.also)


@dataclass(frozen=True)
class Plan:
    """A whole plan, as it stands in `plan.toml`.

    Attributes
    ----------
    question, estimand : str
    outcomes : dict of str to OutcomePlan
    rivals, yardsticks, refused, facts
        What else happened, what would matter, what cannot be answered, and numbers for
        the text.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.Case.open("yozma").plan.outcomes["gdp_per_head"].transform
    'log'
    """

    question: str = _key(
        "The question, as a reader would ask it.",
        '"Did winning an award raise jobs?"',
        needed=True,
    )
    outcomes: dict[str, OutcomePlan] = _key(
        "One table [outcomes.name] each, with the keys of an outcome.", "", needed=True
    )
    title: str = _key("Name of the programme.", '"The Example Hubs Programme"', "")
    estimand: str = _key(
        "What exactly is estimated: of whom, against whom, on what, when.",
        '"Average effect of winning on jobs, 2019 to 2023"',
        "",
    )
    policy_date: date | None = _key("The day it began.", "2019-03-01", None)
    end_date: date | None = _key("The day it ended.", "2019-10-31", None)
    cannot_show: tuple[str, ...] = _key(
        "What nobody will be able to conclude, however the numbers fall.",
        '["an effect on firms that no application names"]',
        (),
    )
    rivals: tuple[Rival, ...] = _key(
        "What else happened: one [[rivals]] each, with `what` and `bias`.",
        '[{ what = "the oil price fell in 2014", bias = "lowers the estimate" }]',
        (),
    )
    yardsticks: tuple[Yardstick, ...] = _key(
        "What would matter: one [[yardsticks]] each, with `kind`, `value`, `title`, "
        "`source` and `reason`. Three at most speak for an outcome.",
        '[{ kind = "promised", value = 0.3, title = "a third", source = "press" }]',
        (),
    )
    amendments: tuple[Amendment, ...] = _key(
        "What changed since it was filed: one [[amendments]] each, with `day`, `what`, "
        "`why` and `results_seen`.",
        '[{ day = 2026-11-24, what = "sample", why = "asked", results_seen = true }]',
        (),
    )
    refused: dict[str, Refused] = _key(
        "Questions that are not answered, by name, with `question` and `because`.",
        '{ closure = { question = "Did closing it matter?", because = ["COVID"] } }',
        {},
    )
    facts: dict[str, Fact] = _key(
        "Numbers for the text, by name, with `value`, `unit`, `title`, `source`.",
        '{ jobs = { value = 1300, unit = "jobs", title = "Claimed", source = "EDA" } }',
        {},
    )

    def yardsticks_of(self, outcome: str) -> tuple[Yardstick, ...]:
        """What would matter of an outcome: of the same figures, whoever is compared."""
        own = self.outcomes[outcome]
        return tuple(
            yardstick
            for yardstick in self.yardsticks
            if own.measure == self.outcomes[yardstick.outcome or self.primary].measure
        )

    @property
    def primary(self) -> str:
        """Name of the primary outcome."""
        return next(n for n, o in self.outcomes.items() if o.role == "primary")


def _known(given: str | Callable[[Panel], Estimate]) -> Estimator:
    if isinstance(given, str):
        check_name(given, list(ESTIMATORS), "estimator")
        return ESTIMATORS[given]
    return estimator(given)


def has_default(key: Field) -> bool:
    """Whether a key may be left out of a class."""
    return key.default is not MISSING or key.default_factory is not MISSING
