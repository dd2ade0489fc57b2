"""How does it talk to others? One adapter a format, each with a report of what was lost."""
