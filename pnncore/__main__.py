"""Entry point of the ``pnncore`` command and of ``python -m pnncore``."""

import signal
import sys

from pnncore.supervision import supervise


def main() -> int:
    """Run the command; return its exit status."""
    return supervise(_run)


def _run() -> int:
    try:
        # Imported here, because the supervising process must import next to nothing.
        from pnncore.cli import main

        return main()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
