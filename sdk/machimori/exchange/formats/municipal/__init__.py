"""The municipal standard open-data set (自治体標準オープンデータセット), sheet 03: evacuation sites and shelters as CSV.

Read in any of the layouts of ``exchange.layouts``, told apart by content; written in the standard's own. A blank flag is taken
as "not stated", since files leave whole columns blank: only 0, 無, × and the like say no.
"""

from __future__ import annotations

from machimori.exchange.formats.municipal.reading import read
from machimori.exchange.formats.municipal.writing import write

__all__ = ["read", "write"]
