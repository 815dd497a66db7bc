"""Benchmarks: each prints its figures and stops by itself. They are never tests."""
