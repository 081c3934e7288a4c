"""The time, or the one that a build is told, so that two builds give the same."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from hubanalysis.words.refusals import HubError


def clock() -> datetime:
    """Return the time in UTC; that of SOURCE_DATE_EPOCH, in seconds, where it is set.

    Examples
    --------
    >>> clock().tzname()
    'UTC'
    """
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if not told:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(told), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise HubError(
            f"SOURCE_DATE_EPOCH is {told!r}. It must be seconds since 1970, or unset."
        ) from error
