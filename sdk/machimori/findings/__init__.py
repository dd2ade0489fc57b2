"""What was found? Issues, their severities, and the reports of them."""
