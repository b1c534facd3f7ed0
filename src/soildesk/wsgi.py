"""The web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soildesk.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays: collections need not look through it, and children share its memory
