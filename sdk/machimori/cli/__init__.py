"""How do I reach it from a shell? Parse, call, print: every answer comes from the rooms below.

``run`` is the entry point; a command is one module, loaded when it is asked for.
"""

from machimori.cli.run import run

__all__ = ["run"]
