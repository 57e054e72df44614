"""Builds the demo study through the platform's own services, step by step; each step goes on where it was stopped."""
