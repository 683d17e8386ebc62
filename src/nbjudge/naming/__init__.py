"""From observed behaviour to named misconceptions."""
