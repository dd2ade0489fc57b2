"""How does it talk to others? One adapter a format, each with a report of what was lost.

``machimori.exchange.formats`` names the formats; ``read`` and ``write`` load the adapter that is asked for.
"""
