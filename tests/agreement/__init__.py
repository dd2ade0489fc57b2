"""One payload, one verdict: every artefact of the model accepts and refuses the same records."""
