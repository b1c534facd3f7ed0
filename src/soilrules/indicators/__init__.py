"""Indicators computed from records: one small file each, words, formula and proof."""
