"""In what does a foreign file carry its records? Text, CSV."""
