"""The desk with Django's admin beside it, for bench/ledger.py only."""
