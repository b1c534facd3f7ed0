"""Regulated enterprises: who they are, what lists they stand on, what they owe, what their data and sites show."""
