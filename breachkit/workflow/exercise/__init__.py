"""Exercises as people run them: a session on an exercise's database, scripted teams, the score and the debrief."""
