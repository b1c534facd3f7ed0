"""Static files under names with their hash, JavaScript modules included: they name each other, and need the hash too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULE_NAMES = (
    (r"""(?P<matched>from\s*["'](?P<url>\.[^"']*)["'])""", 'from "%(url)s"'),
    (r"""(?P<matched>import\(["'](?P<url>\.[^"']*)["']\))""", 'import("%(url)s")'),
    (
        r"""(?P<matched>new URL\(["'](?P<url>\.[^"']*)["'], import\.meta\.url\))""",
        'new URL("%(url)s", import.meta.url)',
    ),
)
"""How a module names another: what is found, and how it is written again."""


class Static(CompressedManifestStaticFilesStorage):
    """Django rewrites the names in style sheets by itself; here also those in `.mjs` files."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*.mjs", MODULE_NAMES))
