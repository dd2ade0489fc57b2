"""How do graphs become records, and records graphs?"""
