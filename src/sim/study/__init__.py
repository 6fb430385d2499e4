"""Studies: questions put to the model, each in a module of its own."""
