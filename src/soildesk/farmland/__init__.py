"""Farmland: units and their classes, safe use and strict control, produce and grain, inputs and wastes."""
