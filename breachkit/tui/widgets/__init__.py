"""Parts of screens. A widget shows values and posts small messages; it calls no workflow."""
