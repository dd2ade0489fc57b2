"""How is all that made? One model folder in, every artefact out. Needs the extra ``build``."""
