"""Which published notations does the model use? Mesh codes, local governments, times."""
