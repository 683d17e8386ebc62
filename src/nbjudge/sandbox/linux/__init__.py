"""The Linux back-ends: a warm zygote and locked-down children of it."""
