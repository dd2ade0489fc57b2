"""May it be disclosed? Requests, documents, rules, and the decision with its reasons."""
