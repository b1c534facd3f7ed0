"""Typed deadlines, their grammar, the working-day calendar and the one function that says late."""
