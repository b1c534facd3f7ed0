"""Farmland: classes of units from points and produce, the safe-use rate, the chain of grain, tests owed before harvest."""
