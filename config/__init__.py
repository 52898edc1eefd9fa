"""What a deployment changes: settings from the environment and data files. Imports `rules` for types, nothing else of ours."""
