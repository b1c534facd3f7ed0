"""What every page of the desk is given."""

from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, object]:
    """Context of the frame."""
    return {"actor": getattr(request, "actor", None)}
