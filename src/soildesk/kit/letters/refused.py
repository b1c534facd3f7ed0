"""Why a template or form is refused, as a code with parameters: the process that finds it has no words of the desk."""

from __future__ import annotations


class Refused(Exception):
    """A file that is not filled. `params` are strings or numbers."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
