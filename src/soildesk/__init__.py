"""SoilDesk 净土台: the desk. One Django project; the rooms and their walls are in docs/design.md."""

__version__ = "0.1.0"
