"""The desk with Django's admin beside it, for bench/list.py only."""

from datetime import date

DAY = date(2026, 11, 20)
PATH = "99/9901/990101/"
