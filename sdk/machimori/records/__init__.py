"""How do bytes become records? Opening, splitting, decoding, each with its places."""
