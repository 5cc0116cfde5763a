"""``python -m pnncore`` is the ``pnncore`` command."""

import sys

from pnncore.cli import main

sys.exit(main())
