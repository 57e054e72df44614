"""The synthetic study: registry, operative notes, hip phantoms and simulated readers. Nobody in it exists."""
