"""Monitoring: how many points, how often, what is a warning and whose, what looks wrong in a laboratory's file."""
