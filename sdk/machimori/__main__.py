"""``python -m machimori``, where the command is not on the path."""

from machimori.cli import run

if __name__ == "__main__":
    run()
