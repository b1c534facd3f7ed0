"""Corner text."""


def is_corner_text(text: str) -> bool:
    return False
