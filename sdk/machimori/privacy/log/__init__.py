"""Who can prove what happened? The log, its tree and its notices."""
