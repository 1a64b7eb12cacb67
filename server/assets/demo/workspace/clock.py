"""Tables are in UTC, people are not."""

from datetime import datetime, timedelta

OFFSET = timedelta(hours=1)


def local(utc: datetime) -> datetime:
    """The time on the clock at the pier."""
    return utc + OFFSET
