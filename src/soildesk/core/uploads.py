"""How much one request may bring: more is refused before it is written anywhere."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_REQUEST = 256 * 1024 * 1024
"""Bytes of the largest request taken: a report with several files of the largest size."""


class RefuseEndless(FileUploadHandler):
    """Ends a request that says it brings more than `LARGEST_REQUEST`; smaller ones go on to the next handler.

    Whether a single file is too large is said by the page that takes it, with a sentence.
    """

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        """Refuse by the length the client states; the server cuts the body at that length."""
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig(f"the request states {content_length} bytes, at most {LARGEST_REQUEST} are taken.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""
