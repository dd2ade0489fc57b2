"""The LinkML sources of the model, so that extensions resolve them offline."""
