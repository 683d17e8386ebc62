"""Back-ends that run untrusted code."""
