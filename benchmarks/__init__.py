"""Benchmarks: scripts that measure Dondoc beside what one would use instead. No part of the product imports them."""
