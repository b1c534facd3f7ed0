"""The life of a construction plot: lists, stages, deadlines, who must act, reports and their review."""
