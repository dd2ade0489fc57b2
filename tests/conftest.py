"""What every test shares: the counts of the agreement tests at the end of a run."""

from tests.agreement.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
