"""What is the model at run time? Its terms, the one walk of a path, extensions."""
