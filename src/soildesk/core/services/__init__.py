"""Acts of core."""
