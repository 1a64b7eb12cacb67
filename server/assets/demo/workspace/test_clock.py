from datetime import datetime

from tides.clock import local


def test_summer():
    assert local(datetime(2026, 7, 1, 12)).hour == 13
