"""Acts on plans: each one checks the actor, changes rows in one transaction and writes its audit entry."""
