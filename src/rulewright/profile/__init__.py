"""The content of recorded events: types, names, paths, and the kinds of value at each path."""
