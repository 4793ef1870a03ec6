"""The journal's database: what was recorded, kept on disk. Never decides, never computes a duty."""
