"""Checks for the exercises: one module per lesson, all built on `engine`."""
