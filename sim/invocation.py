"""How this program was started, so that messages name the command that works here."""

import sys
from pathlib import Path


def program() -> str:
    """Return what stands before a command: `convoy` if installed, else run.py."""
    name = Path(sys.argv[0]).stem
    return name if name == "convoy" else "python run.py"
