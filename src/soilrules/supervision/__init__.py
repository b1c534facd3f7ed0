"""Supervision 督办: which slip is due, which body may do what, how a 分办 is handled. No clock, no database."""
