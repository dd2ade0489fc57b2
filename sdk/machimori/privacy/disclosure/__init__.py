"""What leaves? Views of records with their withheld fields never built."""
