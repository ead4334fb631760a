"""The language server: thin handlers over the analysis in `authoring`."""
