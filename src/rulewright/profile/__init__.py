"""What recorded events hold: types, names, paths, and the kinds of value at each path."""
