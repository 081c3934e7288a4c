"""Say beside a reading that it was written for other choices."""

from __future__ import annotations

from hubanalysis.cases.case import Case
from hubanalysis.words.refusals import check_kind


def mark_choices(case: Case) -> None:
    """Say that what follows was written for the plan, where the choices are others.

    A chapter calls it at its top and before every part that reads numbers. For the
    plan as it was filed nothing is shown.

    Parameters
    ----------
    case : Case

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("norwegian-tourism-cluster")
    >>> hub.mark_choices(case)
    >>> hub.mark_choices(case.change(drop=["Oslo"]))
    Your choices: Oslo left out. The figures and tables below follow them; the sentences
    were written for the plan.
    """
    check_kind(case, Case, "mark_choices", 'Open one, as hub.Case.open("yozma").')
    if case.choices:
        print(
            f"Your choices: {'; '.join(case.choices)}. The figures and tables below "
            "follow them; the sentences were written for the plan."
        )
