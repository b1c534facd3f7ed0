"""`python -m soildesk.cli`."""

import sys

from soildesk.cli import main

sys.exit(main())
