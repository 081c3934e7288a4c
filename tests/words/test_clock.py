"""A build says what time it is; otherwise the clock does."""

from datetime import UTC, datetime

import pytest

from hubanalysis.words.clock import clock
from hubanalysis.words.refusals import HubError


def test_a_build_says_what_time_it_is(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert clock() == datetime(1970, 1, 2, tzinfo=UTC)


def test_otherwise_it_is_now(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs((clock() - datetime.now(UTC)).total_seconds()) < 60


def test_what_is_no_time_is_refused(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(HubError, match="seconds since 1970"):
        clock()
