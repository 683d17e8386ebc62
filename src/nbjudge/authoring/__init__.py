"""What authors run: build, absorb, audit."""
